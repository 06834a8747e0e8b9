"""Macros of SPF records (RFC 7208 §7.4 has the examples)."""

from ipaddress import ip_address

import pytest

from mailconf.formats import FormatError
from mailconf.mailauth.macros import Facts, expand, expand_name


async def validated() -> str:
    return "mx.example.org"


def facts(ip: str = "192.0.2.3") -> Facts:
    return Facts(
        ip=ip_address(ip),
        local="strong-bad",
        sender_domain="email.example.com",
        domain="email.example.com",
        helo="mail.example.com",
        receiver="mx.example.net",
        timestamp=1_700_000_000,
        validated=validated,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{p}", "mx.example.org"),
        ("%%%_%-", "% %20"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%{c} %{r} %{t} %{h}", "192.0.2.3 mx.example.net 1700000000 mail.example.com"),
    ],
)
async def test_a_macro_stands_for(text: str, told: str) -> None:
    assert await expand(text, facts()) == told


async def test_nibbles_of_an_address() -> None:
    told = await expand("%{ir}.%{v}", facts("2001:db8::cb01"))
    assert told == "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6"


@pytest.mark.parametrize("text", ["%", "%x", "%{x}", "%{d0}", "%{d", "50% off"])
async def test_what_is_no_macro(text: str) -> None:
    with pytest.raises(FormatError):
        await expand(text, facts())


async def test_a_name_that_is_too_long_loses_labels_on_the_left() -> None:
    name = await expand_name(".".join(["label"] * 60) + ".example.com.", facts())
    assert len(name) <= 253
    assert name.endswith("label.example.com")
