"""Whole messages, as a receiver judges them."""

import pytest

from mailconf.mailauth.canonical import Message
from mailconf.mailauth.message import Envelope, authors, inspect, traced
from mailconf.testing import FakeWorld
from tests.mailauth.signing import MESSAGE, NAME, rsa_key, signed

IP = "192.0.2.25"
ZONES = {
    ("example.org.", "TXT"): ("v=spf1 ip4:192.0.2.25 -all",),
    ("example.org.", "A"): ("192.0.2.80",),
    ("_dmarc.example.org.", "TXT"): ("v=DMARC1; p=reject",),
    (NAME, "TXT"): (str(rsa_key()),),
}
WORLD = FakeWorld(zones=ZONES)
OURS = Envelope(IP, "mail.example.org", "alice@example.org")
FORWARDED = Envelope("203.0.113.9", "list.example", "bounces@list.example")


@pytest.mark.parametrize(
    ("message", "envelope", "spf", "dkim", "dmarc"),
    [
        pytest.param(signed(), OURS, "pass", ["pass"], "pass", id="as sent"),
        pytest.param(MESSAGE, OURS, "pass", [], "pass", id="not signed"),
        pytest.param(signed(), FORWARDED, "none", ["pass"], "pass", id="forwarded"),
        pytest.param(MESSAGE, FORWARDED, "none", [], "fail", id="forged"),
        pytest.param(
            signed().replace(b"Hello", b"Hallo"), FORWARDED, "none", ["fail"], "fail", id="changed"
        ),
        pytest.param(
            signed(), Envelope(IP, "mail.example.org", ""), "none", ["pass"], "pass", id="a bounce"
        ),
    ],
)
async def test_verdicts(
    message: bytes, envelope: Envelope, spf: str, dkim: list[str], dmarc: str
) -> None:
    seen = await inspect(message, WORLD, envelope)
    assert seen.spf
    assert seen.dmarc
    found = (seen.spf.result, [one.result for one in seen.dkim], seen.dmarc.result)
    assert found == (spf, dkim, dmarc)


@pytest.mark.parametrize(
    ("field", "domains"),
    [
        (b"From: alice@Example.ORG", ("example.org",)),
        (b'From: "a@b.example" <alice@example.org>', ("example.org",)),
        (b"From: a@example.org, b@example.net", ("example.org", "example.net")),
        (b"From: a@example.org\nFrom: b@example.net", ("example.org", "example.net")),
        (b"From: a@b\xc3\xbccher.example", ("xn--bcher-kva.example",)),
        (b"From: nobody", ()),
        (b"To: x@example.org", ()),
    ],
)
async def test_authors(field: bytes, domains: tuple[str, ...]) -> None:
    message = field + b"\nSubject: x\n\nbody\n"
    assert authors(Message.of(message)) == domains
    assert ((await inspect(message, WORLD)).dmarc is None) == (len(domains) != 1)


TRACE = b"""\
Return-Path: <bounces@list.example>
Received: from localhost (localhost [127.0.0.1])
\tby mx.example.net; Wed, 25 Nov 2026 08:00:02 +0000
Received: from out.list.example (out.list.example [IPv6:2001:db8::9])
\tby mx.example.net (Postfix) with ESMTPS; Wed, 25 Nov 2026 08:00:01 +0000
"""


async def test_the_envelope_is_read_from_the_trace() -> None:
    found = traced(Message.of(TRACE + MESSAGE))
    assert found == Envelope(
        "2001:db8::9", "out.list.example", "bounces@list.example", "Received and Return-Path"
    )


async def test_without_a_trace_spf_is_not_judged() -> None:
    seen = await inspect(signed(), WORLD)
    assert (seen.envelope, seen.spf) == (None, None)
    assert seen.dmarc
    assert seen.dmarc.result == "pass"


async def test_what_others_said_is_kept() -> None:
    said = b"Authentication-Results: mx.example.net; spf=fail; dkim=pass header.d=example.org\n"
    seen = await inspect(said + signed(), WORLD, OURS)
    (field,) = seen.said
    assert [(one.method, one.result) for one in field.results] == [
        ("spf", "fail"),
        ("dkim", "pass"),
    ]
    assert (field.authserv_id, field.results[1].property("header", "d")) == (
        "mx.example.net",
        "example.org",
    )
