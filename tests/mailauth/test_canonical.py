"""The octets that are signed (RFC 6376 §3.4.5 has the example)."""

import pytest

from mailconf.mailauth.canonical import Message, body, header, signed_fields

EXAMPLE = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n"


def test_the_example_of_the_rfc() -> None:
    message = Message.of(EXAMPLE)
    assert [header(f, "relaxed") for f in message.fields] == [b"a:X\r\n", b"b:Y Z\r\n"]
    assert [header(f, "simple") for f in message.fields] == [b"A: X\r\n", b"B : Y\t\r\n\tZ  \r\n"]
    assert body(message.body, "relaxed") == b" C\r\nD E\r\n"
    assert body(message.body, "simple") == b" C \r\nD \t E\r\n"


@pytest.mark.parametrize(
    ("octets", "simple", "relaxed"),
    [
        (b"", b"\r\n", b""),
        (b"\r\n\r\n", b"\r\n", b""),
        (b"a", b"a\r\n", b"a\r\n"),
        (b"a \r\n", b"a \r\n", b"a\r\n"),
        (b" \r\n", b" \r\n", b""),
    ],
)
def test_ends_of_bodies(octets: bytes, simple: bytes, relaxed: bytes) -> None:
    assert (body(octets, "simple"), body(octets, "relaxed")) == (simple, relaxed)


def test_a_name_means_its_fields_from_the_bottom() -> None:
    message = Message.of(b"A: 1\nB: 2\nA: 3\n\n")
    assert signed_fields(message, ["a", "A", "a", "c", "b"]) == [
        b"A: 3\r\n",
        b"A: 1\r\n",
        b"B: 2\r\n",
    ]


def test_values_are_unfolded() -> None:
    message = Message.of(b"Subject: a\n b\nTo: x\n\nbody")
    assert (message.value("subject"), message.value("cc"), message.body) == ("a b", "", b"body")


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["dkim-signature"], id="the other one"),
        pytest.param(["dkim-signature", "DKIM-Signature"], id="and nothing more"),
    ],
)
def test_a_signature_does_not_sign_itself(names: list[str]) -> None:
    """RFC 6376 §3.5 h: the field that is being verified is none of those that h= names."""
    message = Message.of(b"DKIM-Signature: a\r\nFrom: b\r\nDKIM-Signature: c\r\n\r\nbody\r\n")
    own, _, other = message.fields
    assert signed_fields(message, names, own) == [other]
