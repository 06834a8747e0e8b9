"""Whatever strangers send is read at a cost that grows with its length, and not with the square of it."""

import asyncio
import base64
import gc
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import suppress
from email.parser import HeaderParser
from functools import partial
from ipaddress import ip_address
from itertools import product
from typing import Any

import pytest

from mailconf.engine.confidential import spell
from mailconf.engine.differences import unified_texts
from mailconf.formats.apple_profile import AppleProfile
from mailconf.formats.arc import ArcAuthenticationResults, ArcMessageSignature, ArcSeal
from mailconf.formats.authentication_results import AuthenticationResults
from mailconf.formats.autodiscover import Autodiscover
from mailconf.formats.bimi import BimiRecord
from mailconf.formats.caa import Caa
from mailconf.formats.client_config import ClientConfig
from mailconf.formats.dkim import DkimKey
from mailconf.formats.dkim_signature import DkimSignature, without_signature
from mailconf.formats.dmarc import DmarcRecord
from mailconf.formats.mta_sts import StsPolicy, StsRecord
from mailconf.formats.names import a_labels
from mailconf.formats.spf import SpfRecord
from mailconf.formats.tls_rpt import TlsRptRecord
from mailconf.formats.tlsa import Tlsa
from mailconf.mailauth import canonical, spf, spf_tree
from mailconf.mailauth.canonical import Message
from mailconf.mailauth.evaluation import MOST_TERMS
from mailconf.mailauth.macros import Facts, expand, expand_name
from mailconf.mailauth.message import authors, inspect, traced
from mailconf.mailauth.treewalk import walk
from mailconf.model.world import Inconclusive
from mailconf.net import imap, imap_mailbox, pop3, pop3_mailbox, sieve, smtp, wire
from mailconf.net.line import Connection
from mailconf.plugins.round_trip.received import protocols
from mailconf.testing import FakeWorld
from tests.record_kinds import KINDS

SIZE, TIMES = 600, 8
MOST = 2.5 * TIMES
"""How much more eight times the input may cost: the square would be 64 times."""
NOISE = 0.0003
"""Seconds of CPU below which a measurement says nothing."""
Read = Callable[[str], object]
KEY = base64.b64encode(bytes(60)).decode()
SIGNATURE = "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AAAA; b=AAAA"
UNITS = (
    " ", "\t", "a", "9", ".", "-", "_", "a.", "a-", "%", "%{", "%{d}", '"', "\\", '\\"', "(", ")",
    "( ", "()", "[", "<", ">", "=", ";", "; ", " ;", "a=b;", "a=b ", "b=;", ",", ":", "a:", "/", "/1", "!",
    "!1", "@", "@a", "a@b,", "\r\n", "\r\n ", "\n", "\r", "\u00fc", "\u00ad", "from ", "by ", "a.b (",
    "v=1;", "+a ", "exp=%{d} ", "a= ", "<a>", "&amp;",
)  # fmt: skip


def now(coroutine: Coroutine[Any, Any, object]) -> object:
    return asyncio.run(coroutine)


def record(name: str, *texts: str) -> FakeWorld:
    return FakeWorld({(name, "TXT"): texts})


class Server:
    """The other end of a connection: says one thing, in pieces, and hangs up."""

    tls = None

    def __init__(self, octets: bytes, piece: int = 4096) -> None:
        self._pieces = [octets[at : at + piece] for at in range(0, len(octets), piece)][::-1]

    async def receive(self) -> bytes:
        return self._pieces.pop() if self._pieces else b""

    def send(self, octets: bytes) -> None:
        """Nobody listens."""

    def close(self) -> None:
        """Nothing is open."""


def hearing(ask: Callable[[Connection], Coroutine[Any, Any, object]], piece: int = 4096) -> Read:
    def read(text: str) -> object:
        connection = Connection(Server(text.encode(), piece), "here")  # type: ignore[arg-type]
        return now(ask(connection))

    return read


def spf_of(mail_from: str) -> Read:
    def read(text: str) -> object:
        return now(spf.check_host("192.0.2.1", mail_from, "", record("a.example.", text)))

    return read


def sender(text: str) -> object:
    world = record("a.example.", "v=spf1 " + "exists:%{l1r-}.%{s}.example " * 9 + "-all")
    return now(spf.check_host("192.0.2.1", f"{text}@a.example", text, world))


def header(name: str) -> Read:
    return lambda text: now(inspect(f"{name}: {text}\r\n\r\nbody\r\n".encode(), FakeWorld()))


def round_trip(text: str) -> object:
    return protocols(HeaderParser().parsestr(f"Received: {text}\n\nbody"), "a.example")


QUESTION = wire.question_of("a.example.", "TXT")


def answer(kind: int, *values: bytes, owner: bytes = wire.TO_QUESTION) -> bytes:
    fixed = kind.to_bytes(2) + b"\0\1\0\0\0\1"
    records = b"".join(owner + fixed + len(value).to_bytes(2) + value for value in values)
    return wire.HEAD.pack(1, 0x8000, 1, len(values), 0, 0) + QUESTION + records


def strings(text: str) -> bytes:
    octets = text.encode()
    parts = [octets[at : at + 255] for at in range(0, len(octets), 255)]
    return b"".join(bytes([len(part)]) + part for part in parts)


READERS: dict[str, tuple[Read, tuple[str, ...], tuple[str, ...]]] = {
    "SPF term": (SpfRecord.parse_leniently, ("v=spf1 ", "v=spf1 a:", "v=spf1 a:b.", "v=spf1 exp="), ("", "!")),
    "SPF evaluation": (spf_of("x@a.example"), ("v=spf1 ", "v=spf1 exists:", "v=spf1 redirect="), ("", ".example")),
    "SPF sender": (sender, ("",), ("", ".")),
    "SPF tree": (lambda text: now(spf_tree.analyse("a.example", record("a.example.", text))), ("v=spf1 ", "v=spf1 include:"), ("",)),
    "DKIM key": (DkimKey.parse_leniently, ("v=DKIM1; ", "v=DKIM1; p=", "v=DKIM1; t="), ("", f"; p={KEY}")),
    "DKIM signature": (DkimSignature.parse, (f"{SIGNATURE}; ", "v=1; d=", "v=1; h=from:", f"{SIGNATURE}; i="), ("", "; s=x")),
    "DKIM signature, unsigned": (lambda text: without_signature(text.encode()), ("", "a:", "a: b=c; "), ("", "b")),
    "DMARC": (DmarcRecord.parse_leniently, ("v=DMARC1; ", "v=DMARC1; p=none; rua=", "v=DMARC1; fo="), ("", "; p=none")),
    "DMARC tree": (lambda text: now(walk(text, FakeWorld())), ("",), ("", ".example")),
    "MTA-STS record": (StsRecord.parse, ("v=STSv1; ", "v=STSv1; id=1; "), ("", "; id=1")),
    "MTA-STS policy": (StsPolicy.parse, ("version: STSv1\nmode: none\n", "version: STSv1\nmx: "), ("", "\nmax_age: 1")),
    "TLSRPT": (TlsRptRecord.parse, ("v=TLSRPTv1; ", "v=TLSRPTv1; rua=mailto:"), ("", "; rua=mailto:a@b.c")),
    "BIMI": (BimiRecord.parse, ("v=BIMI1; l=", "v=BIMI1; l=https://a/"), ("", "; a=")),
    "CAA": (Caa.parse, ("", "0 issue ", '0 issue "', '0 issue "a.b; '), ("", '"', "x")),
    "TLSA": (Tlsa.parse, ("", "3 1 1 "), ("", "x")),
    "name": (a_labels, ("", "a."), ("", "!")),
    "meaning of a text": (lambda text: KINDS.of("x.", "TXT", text).meaning(text), ("v=spf1 ", "v=DMARC1;"), ("",)),
    "Authentication-Results": (AuthenticationResults.parse_leniently, ("a; ", "a; spf=pass ", 'a; spf=pass reason="', "a; spf=pass (", "("), ("", ";", ' smtp.mailfrom="')),
    "ARC results": (ArcAuthenticationResults.parse, ("i=1; a; ", "i="), ("",)),
    "ARC signature": (ArcMessageSignature.parse, ("i=1; ", f"i=1; {SIGNATURE}; "), ("",)),
    "ARC seal": (ArcSeal.parse, ("i=1; cv=none; ", "i=1; cv=none; a="), ("",)),
    "header": (lambda text: Message.of(text.encode()), ("", "a: ", "a"), ("", "\r\n\r\n", "\r\n:")),
    "body, simple": (lambda text: canonical.body(text.encode(), "simple"), ("", "a\r\n"), ("", "a")),
    "body, relaxed": (lambda text: canonical.body(text.encode(), "relaxed"), ("", "a\r\n"), ("", "a")),
    "From": (lambda text: authors(Message.of(f"From: {text}\r\n\r\n".encode())), ("", "a@b.c, "), ("", "<a@b.c>")),
    "Received": (lambda text: traced(Message.of(f"Received: {text}\r\n\r\n".encode())), ("", "from a (", "from "), ("", "[192.0.2.1]")),
    "DKIM-Signature": (header("DKIM-Signature"), ("", f"{SIGNATURE}; "), ("",)),
    "ARC-Seal": (header("ARC-Seal"), ("", "i=1; cv=none; "), ("",)),
    "From and verdicts": (header("From"), ("", "a@"), ("", "@a.example")),
    "client configuration": (ClientConfig.parse, ("<clientConfig><emailProvider>", '<clientConfig a="'), ("", "</emailProvider></clientConfig>")),
    "Autodiscover": (Autodiscover.parse, ("<Autodiscover>", "<"), ("", "</Autodiscover>")),
    "Apple profile": (AppleProfile.parse, ("<plist><dict>", "<plist>"), ("", "</dict></plist>")),
    "SMTP reply": (hearing(smtp.reply), ("250-", "250-a\r\n250-", ""), ("", "\r\n250 a\r\n")),
    "SMTP reply, an octet at a time": (hearing(smtp.reply, 1), ("250-",), ("\r\n250 a\r\n",)),
    "IMAP capabilities": (hearing(imap.capabilities), ("* CAPABILITY ", "* CAPABILITY a\r\n"), ("", "\r\na1 OK\r\n")),
    "IMAP message": (hearing(lambda c: imap_mailbox.find(c, "token")), ("* ", "* SEARCH "), ("", "\r\na1 OK\r\n")),
    "POP3 capabilities": (hearing(pop3.capabilities), ("+OK\r\n", "+OK\r\na "), ("", "\r\n.\r\n")),
    "POP3 message": (hearing(lambda c: pop3_mailbox.read(c, "1")), ("+OK\r\n",), ("", "\r\n.\r\n")),
    "ManageSieve": (hearing(sieve.listed), ('"', '"A" "', ""), ("", '"\r\nOK\r\n', "\r\nOK\r\n")),
    "value of a spec": (spell, ("", "a", "a://", "{a"), ("", "@b")),
    "DNS text": (lambda text: wire.parse(answer(16, strings(text)), QUESTION), ("",), ("",)),
    "Received after a round trip": (round_trip, ("", "by ", "by a.example with "), ("", " SMTP")),
}  # fmt: skip


def spent(read: Callable[[Any], object], text: Any, tries: int) -> float:
    """Return the CPU seconds of the quickest of some tries; what is refused is read, too."""
    found = []
    gc.disable()  # the collector's own steps would be measured
    try:
        for _ in range(tries):
            begun = time.process_time()
            with suppress(ValueError, Inconclusive):
                read(text)
            found.append(time.process_time() - begun)
    finally:
        gc.enable()
    return min(found)


def is_steep(read: Callable[[Any], object], shape: Callable[[int], Any], tries: int) -> bool:
    one = max(spent(read, shape(SIZE), tries), NOISE)
    return spent(read, shape(SIZE * TIMES), tries) > MOST * one


def steep(
    read: Callable[[Any], object], shapes: Mapping[str, Callable[[int], Any]]
) -> Iterator[str]:
    """Yield the shapes that cost more than in proportion, each time that it is tried."""
    for name, shape in shapes.items():
        if all(is_steep(read, shape, tries) for tries in (1, 3, 5)):
            yield name


def shaped(head: str, unit: str, tail: str, size: int) -> str:
    return head + unit * (size // len(unit)) + tail


@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_time_in_proportion(name: str) -> None:
    read, heads, tails = READERS[name]
    shapes = {
        f"{head!r} + {unit!r} + {tail!r}": partial(shaped, head, unit, tail)
        for head, unit, tail in product(heads, UNITS, tails)
    }
    assert list(steep(read, shapes)) == []


def texts(size: int) -> str:
    return "v=spf1 " + " ".join(f"a{n}=b exp=%{{d}}" for n in range(size // 12))


def names(size: int) -> bytes:
    """A header of many fields, and a signature over as many names."""
    many = [f"x{n}" for n in range(size // 12)]
    fields = "".join(f"{name}: y\r\n" for name in many)
    signed = f"DKIM-Signature: {SIGNATURE.replace('from', ':'.join(['from', *many]))}\r\n"
    return f"From: a@a.example\r\n{signed}{fields}\r\nbody\r\n".encode()


def signed(octets: bytes) -> object:
    message = Message.of(octets)
    value = message.value("dkim-signature")
    return canonical.signed_fields(message, DkimSignature.parse(value).fields)


def blank_lines(size: int) -> bytes:
    return b"a: b\r\n\r\n" + b"\r\n" * size + b"word"


def records_of_one(size: int) -> bytes:
    return answer(16, *[b"\1a"] * (size // 2))


def pointers(size: int) -> bytes:
    """Names that are as long, and lead through as many others, as is allowed."""
    long = b"".join(b"\x1f" + bytes([97 + n]) * 31 for n in range(7)) + b"\0"
    return answer(16, long, *[b"\1a"] * (size // 16), owner=b"\xc0\x0c")


def two_trees(size: int) -> tuple[str, str]:
    """A file in which a line of every block has changed."""
    block = "server {{\n  listen 443;\n  name n{n};\n  root /{folder}/{n};\n}}\n"
    old, new = (
        "".join(block.format(n=n, folder=folder) for n in range(size // 10)) for folder in "ab"
    )
    return old, new


def two_lists(size: int) -> tuple[str, str]:
    """Lines of which none stands once, so that nothing can be fixed."""
    old, new = ("".join(f"{n % some}\n" for n in range(size // 2)) for some in (70, 71))
    return old, new


def differ(two: tuple[str, str]) -> object:
    return unified_texts(two[0], two[1], "a", "b")


@pytest.mark.parametrize(
    ("read", "make"),
    [
        pytest.param(lambda octets: Message.of(octets).signed_body("simple"), blank_lines, id="blank lines"),
        pytest.param(lambda octets: Message.of(octets).signed_body("relaxed"), blank_lines, id="blank lines, relaxed"),
        pytest.param(signed, names, id="names of fields"),
        pytest.param(SpfRecord.parse_leniently, texts, id="modifiers"),
        pytest.param(lambda octets: wire.parse(octets, QUESTION), records_of_one, id="records"),
        pytest.param(lambda octets: wire.parse(octets, QUESTION), pointers, id="pointers"),
        pytest.param(differ, two_trees, id="differences"),
        pytest.param(differ, two_lists, id="nothing alike"),
    ],
)  # fmt: skip
def test_many_of_a_kind_take_time_in_proportion(
    read: Callable[[Any], object], make: Callable[[int], Any]
) -> None:
    assert list(steep(read, {"many": lambda size: make(20 * size)})) == []


def test_a_record_that_includes_others_twice_is_not_followed_without_end() -> None:
    zones = {
        (f"l{n}.example.", "TXT"): (f"v=spf1 include:l{n + 1}.example include:l{n + 1}.example",)
        for n in range(20)
    }
    tree = asyncio.run(spf_tree.analyse("l0.example", FakeWorld(zones)))
    assert MOST_TERMS < tree.lookups <= spf_tree.MOST_BRANCHES
    assert tree.is_over_limit


@pytest.mark.parametrize(("spelled", "cut"), [("%{l}.%{o}", 253), ("%{l1r-}.%{o}", 253)])
async def test_a_name_is_cut_from_the_left_however_long_it_would_be(spelled: str, cut: int) -> None:
    local = ".".join(["a" * 9] * 5_000)
    facts = Facts(ip_address("192.0.2.1"), local, "b.example", "b.example", "", "", 0, unknown)
    name = await expand_name(spelled, facts)
    assert name.endswith(".b.example")
    assert len(name) <= cut
    assert name == (await expand(spelled, facts))[-len(name) :]


async def unknown() -> str:
    return "unknown"
