"""Mail addresses have one spelling, which is read again as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats.address import AddressError, MailAddress, without_extension

ATOMS = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=9)
LOCALS = st.lists(ATOMS, min_size=1, max_size=4).map(".".join)
LABELS = st.sampled_from(["example", "EXAMPLE", "bücher", "BÜCHER", "xn--bcher-kva", "a1", "日本"])
DOMAINS = st.tuples(LABELS, st.sampled_from(["org", "ORG", "org.", "example"])).map(".".join)


@given(local=LOCALS, domain=DOMAINS)
def test_what_is_printed_is_read_again(local: str, domain: str) -> None:
    found = MailAddress.parse(f"{local}@{domain}")
    assert MailAddress.parse(str(found)) == found
    assert found.local == local
    assert found.domain.isascii()
    assert found.domain == found.domain.lower()


@given(local=LOCALS, domain=DOMAINS)
def test_base_and_case_can_be_taken_away_once(local: str, domain: str) -> None:
    found = MailAddress.parse(f"{local}@{domain}")
    assert found.lowered.lowered == found.lowered
    assert found.base.base == found.base
    assert found.base.lowered == found.lowered.base


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("kunde@bücher.example", "kunde@xn--bcher-kva.example"),
        ("Bob@Example.NET.", "Bob@example.net"),
        ("o'brien&co=x@example.org", "o'brien&co=x@example.org"),
        ("alice+tag@EXAMPLE.org", "alice+tag@example.org"),
    ],
)
def test_one_spelling(text: str, address: str) -> None:
    assert str(MailAddress.parse(text)) == address


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("alice", "has no @"),
        ("künde@example.org", "ASCII local part"),
        ("a b@example.org", "whose local part has"),
        ("a..b@example.org", "whose local part has"),
        (".a@example.org", "whose local part has"),
        ('"a b"@example.org', "whose local part has"),
        ("@example.org", "whose local part has"),
        ("a@", "empty label"),
        ("a@b..c", "empty label"),
        ("a@localhost", "full domain name"),
        ("a@192.0.2.1", "full domain name"),
        ("a@[192.0.2.1]", "contains"),
        ("a@exa mple.org", "contains"),
        (f"{'a' * 65}@example.org", "at most 64 octets"),
        (f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.example.org", "at most 254 octets"),
    ],
)
def test_what_is_no_address(text: str, told: str) -> None:
    with pytest.raises(AddressError, match=told):
        MailAddress.parse(text)


@pytest.mark.parametrize(
    ("local", "base"), [("a+b", "a"), ("a+b+c", "a"), ("a", "a"), ("+b", "+b"), ("a+", "a")]
)
def test_an_extension_follows_a_name(local: str, base: str) -> None:
    assert without_extension(local) == base
