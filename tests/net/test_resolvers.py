"""Resolvers are read from resolv.conf, or as they are named."""

from pathlib import Path

import pytest

from mailconf.net.resolvers import resolver_of, system_resolvers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("nameserver 192.0.2.53\nnameserver ::1\n", ("192.0.2.53", "::1"), id="two"),
        pytest.param("search x\nnameserver fe80::1%eth0\n", ("fe80::1",), id="zone index"),
        pytest.param("# nothing\nnameserver\n", ("127.0.0.1",), id="none"),
    ],
)
def test_resolv_conf_is_read(tmp_path: Path, text: str, found: tuple[str, ...]) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text(text)
    assert system_resolvers(file) == tuple((address, 53) for address in found)
    assert system_resolvers(tmp_path / "none") == (("127.0.0.1", 53),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)),
    ],
)
def test_a_resolver_is_named(text: str, found: tuple[str, int]) -> None:
    assert resolver_of(text) == found


@pytest.mark.parametrize("text", ["", "resolver", "127.0.0.1:0", "127.0.0.1:x", "1.2.3.4:70000"])
def test_what_names_no_resolver(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        resolver_of(text)
