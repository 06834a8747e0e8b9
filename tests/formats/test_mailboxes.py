"""Addresses are found in whatever a From field holds."""

from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailconf.formats.mailboxes import addresses


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param("a@b.example", ["a@b.example"], id="bare"),
        pytest.param("Alice <a@b.example>", ["a@b.example"], id="with a name"),
        pytest.param('"x@y, z" <a@b.example>', ["a@b.example"], id="an address in the name"),
        pytest.param("a@b.example, c@d.example", ["a@b.example", "c@d.example"], id="two"),
        pytest.param("us: a@b.example, c@d.example;", ["a@b.example", "c@d.example"], id="group"),
        pytest.param("us: ;", [], id="empty group"),
        pytest.param("a@b.example (c@d.example)", ["a@b.example"], id="comment"),
        pytest.param("a @ b . example", ["a@b.example"], id="space"),
        pytest.param('"a@b"@c.example', ['"a@b"@c.example'], id="quoted local part"),
        pytest.param('<"a>b"@c.example>', ['"a>b"@c.example'], id="angle in quotes"),
        pytest.param("<@r.example,@s.example:a@b.example>", ["a@b.example"], id="route"),
        pytest.param("a@[IPv6:2001:db8::1]", ["a@[IPv6:2001:db8::1]"], id="literal"),
        pytest.param("a@b.example@c.example", [], id="two domains"),
        pytest.param("<a@b.example> <c@d.example>", ["a@b.example"], id="two in angles"),
        pytest.param("a", [], id="no domain"),
        pytest.param("a@", [], id="empty domain"),
        pytest.param("", [], id="nothing"),
        pytest.param(":" * 50_000 + "a@b.example", ["a@b.example"], id="many groups"),
    ],
)
def test_addresses(value: str, found: list[str]) -> None:
    assert list(addresses(value)) == found


ATOM = st.text("abcxyz09-", min_size=1, max_size=5)
ADDRESS = st.builds("{}@{}.example".format, ATOM, ATOM)
MAILBOX = st.one_of(
    ADDRESS,
    st.builds("{} <{}>".format, ATOM, ADDRESS),
    st.builds('"{}, (x)" <{}>'.format, ATOM, ADDRESS),
    st.builds("{} ({})".format, ADDRESS, ATOM),
)


@settings(deadline=None)
@given(st.lists(MAILBOX, max_size=4))
def test_another_reader_finds_the_same(boxes: list[str]) -> None:
    value = ", ".join(boxes)
    assert list(addresses(value)) == [address for _, address in getaddresses([value]) if address]


@settings(deadline=None)
@given(st.text('ab@.,;:<>()[]"\\ \t', max_size=40))
def test_any_text_has_addresses_or_none(value: str) -> None:
    assert all(address.count("@") >= 1 for address in addresses(value))
