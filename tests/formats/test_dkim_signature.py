"""DKIM-Signature header fields (RFC 6376 §3.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.dkim_signature import DkimSignature, without_signature

WHOLE = (
    "v=1; a=rsa-sha256; c=relaxed/simple; d=Example.org; i=joe@news.example.org; s=lab; l=5;\r\n"
    " t=1; x=2; h=From : to:\r\n\tSubject; bh=AAAA; b=BB\r\n BB"
)


def test_every_tag_is_read() -> None:
    assert DkimSignature.parse(WHOLE) == DkimSignature(
        algorithm="rsa-sha256",
        signature=b"\x04\x10\x41",
        body_hash=b"\0\0\0",
        domain="example.org",
        selector="lab",
        fields=("From", "to", "Subject"),
        header="relaxed",
        body="simple",
        identity="joe@news.example.org",
        length=5,
        signed=1,
        expires=2,
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("v=1", "v=2", "v=2 is not 1"),
        ("c=relaxed/simple", "c=loose", "'loose' is not simple or relaxed"),
        ("d=Example.org", "d=-", "d=- is no name"),
        ("i=joe@news.example.org", "i=joe@badexample.org", "is not at example.org or below"),
        ("h=From", "h=Sender", "From is not signed"),
        ("l=5", "l=-1", "l=-1 is no number"),
        ("bh=AAAA", "bh=*", "bh= is not base64"),
        ("b=BB\r\n BB", "b=", "b= is empty"),
        ("; s=lab", "", "tag s is missing"),
    ],
)
def test_what_is_no_signature(old: str, new: str, told: str) -> None:
    assert old in WHOLE
    with pytest.raises(FormatError, match=told.replace("*", ".")):
        DkimSignature.parse(WHOLE.replace(old, new, 1))


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"{WHOLE}; {text}"):
        try:
            DkimSignature.parse(candidate)
        except FormatError:
            continue


def test_the_signature_itself_is_not_signed() -> None:
    field = f"DKIM-Signature: {WHOLE}; z=b\r\n".encode()
    assert b"bh=AAAA; b=; z=b" in without_signature(field)
    first = b"DKIM-Signature: b=AAAA; bh=BBBB\r\n"
    assert without_signature(first) == b"DKIM-Signature: b=; bh=BBBB\r\n"


@pytest.mark.parametrize(
    "changed",
    [
        {"d": "com"},
        {"d": "a_b.example.org", "i": "@a_b.example.org"},
        {"a": ""},
        {"a": "rsa"},
        {"a": "rsa sha256"},
        {"t": "1234567890123"},
        {"x": "1234567890123"},
        {"t": "10", "x": "9"},
        {"c": "relaxed/"},
        {"i": "a@.example.org"},
        {"i": "@a..example.org"},
        {"i": "a b@example.org"},
    ],
    ids=str,
)
def test_limits_of_the_grammar(changed: dict[str, str]) -> None:
    tags = {"v": "1", "a": "rsa-sha256", "d": "example.org", "s": "s", "h": "from", "bh": "AAAA"}
    whole = "; ".join(f"{tag}={value}" for tag, value in (tags | {"b": "AAAA"} | changed).items())
    with pytest.raises(FormatError):
        DkimSignature.parse(whole)
