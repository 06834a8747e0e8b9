"""Public addresses, and those that a stranger's spec must not reach."""

import pytest

from mailconf.model.world import Inconclusive
from mailconf.net.public import check_public, is_public


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.25",
        "::1", "::", "fe80::1", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "fec0::1", "64:ff9b:1::7f00:1", "::127.0.0.1", "5f00::1", "3fff::1", "2001:db8::1", "100::1",
        "2606:4700::1%eth0", "4000::1", "2002:808:808::%eth0",
    ],
)  # fmt: skip
def test_addresses_of_a_machine_and_its_network(address: str) -> None:
    assert not is_public(address)


def test_what_is_not_public_is_not_connected_to() -> None:
    with pytest.raises(Inconclusive, match=r"mail\.example\.org has the address 10\.0\.0\.1"):
        check_public("10.0.0.1", "mail.example.org")
