"""How a machine of the lab reaches the others."""

from ipaddress import ip_address

import pytest

from mailconf.lab.network import configuration


@pytest.mark.parametrize(
    ("addresses", "routes"),
    [
        pytest.param(["192.0.2.1"], ["0.0.0.0/0"], id="IPv4 only"),
        pytest.param(["2001:db8::1"], ["::/0"], id="IPv6 only"),
        pytest.param(["192.0.2.1", "2001:db8::1", "192.0.2.2"], ["0.0.0.0/0", "::/0"], id="both"),
    ],
)
def test_a_machine_has_a_route_for_the_families_it_has_an_address_of(
    addresses: list[str], routes: list[str]
) -> None:
    commands = configuration([ip_address(text) for text in addresses])
    assert [c.split()[2] for c in commands if c.startswith("route add ")] == routes
    assert len(commands) == len(addresses) + len(routes)
