"""Servers that are broken or mean: every question ends in time, in little memory, with a verdict."""

import asyncio
import gzip
import ssl
import struct
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import dns.message
import dns.rrset
import pytest

from mailconf.engine.run import Job, attempt
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.outcome import Verdict
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.questions.pages import PageRequest
from mailconf.model.questions.sessions import ServerSession, Session
from mailconf.model.questions.tls import StarttlsInjection, TlsNegotiation
from mailconf.model.questions.transactions import Envelope, SmtpTransactions
from mailconf.model.world import Inconclusive, World
from mailconf.net.live import LiveWorld
from tests.net.asking import HOST, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.dns import answer, name_server, truncated
from tests.servers.dns import silence as no_answer
from tests.servers.scripted import Step, endless, hear, reset, say, scripted, silence, tls

SOON = 0.15
"""Seconds after which silence is concluded: some hundred times here."""
MOST_OCTETS = 6 * 2**20
"""Of memory for one question; contexts for TLS are made before."""
SLACK_SECONDS = 2.5
"""What closing a connection may take on top of the deadline."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """See that what happens here is quick and small."""
    begun = time.monotonic()
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_OCTETS
    assert time.monotonic() - begun < seconds + SLACK_SECONDS


def in_clear(family: str) -> tuple[Step, ...]:
    """Return an honest dialogue up to the handshake."""
    said = {
        "smtp": (
            *(say(f"220-{HOST} ESMTP\n220 ok\n"), hear("EHLO"), say(f"250-{HOST}\n250 STARTTLS\n")),
            *(hear("STARTTLS"), say("220 go\n")),
        ),
        "imap": (
            *(say("* OK hi\n"), hear("a1 CAPABILITY")),
            say("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\na1 OK\n"),
            *(hear("a2 LOGIN"), say("a2 NO [PRIVACYREQUIRED]\n")),
            *(hear("a3 STARTTLS"), say("a3 OK go\n")),
        ),
        "pop3": (
            *(say("+OK hi\n"), hear("CAPA"), say("+OK\nSTLS\nUIDL\n.\n")),
            *(hear("USER"), say("-ERR TLS first\n"), hear("STLS"), say("+OK go\n")),
        ),
        "managesieve": (
            say('"IMPLEMENTATION" "x"\n"STARTTLS"\nOK "hi"\n'),
            *(hear("CAPABILITY"), say('"STARTTLS"\nOK\n')),
            *(hear("AUTHENTICATE"), say('NO "TLS first"\n'), hear("STARTTLS"), say("OK\n")),
        ),
    }
    return said[family]


FAMILIES = ("smtp", "imap", "pop3", "managesieve")
STEPS = [(family, step) for family in FAMILIES for step in range(len(in_clear(family)) + 1)]


async def verdict(at: EndpointAddress, asked: LiveWorld) -> Verdict:
    """Return what becomes of a check that holds a session."""

    async def run() -> AsyncIterator[Finding]:
        await asked.ask(ServerSession(at))
        return
        yield

    return (await attempt(Job("a check", str(at), run))).verdict


async def ends_unknown(family: str, *script: Step, context: ssl.SSLContext | None = None) -> None:
    asked = world(seconds=SOON)
    assert asked._network.contexts.strict
    async with scripted(script, context=context) as server:
        with bounded(SOON):
            assert await verdict(listener(family, server.port), asked) is Verdict.UNKNOWN


@pytest.mark.parametrize(("family", "step"), STEPS)
async def test_a_connection_that_is_reset(family: str, step: int) -> None:
    await ends_unknown(family, *in_clear(family)[:step], reset)


@pytest.mark.parametrize(("family", "step"), STEPS)
async def test_a_server_that_stops_talking(family: str, step: int) -> None:
    await ends_unknown(family, *in_clear(family)[:step], silence)


def half_open() -> Step:
    """Close our side alone, and go on reading."""

    async def step(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()
        await silence(reader, writer)

    return step


@pytest.mark.parametrize(("family", "step"), STEPS)
async def test_a_connection_that_is_half_closed(family: str, step: int) -> None:
    await ends_unknown(family, *in_clear(family)[:step], half_open())


@pytest.mark.parametrize(("family", "step"), STEPS)
@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(b"\0" * 4096, id="NUL octets"),
        pytest.param(b"\xff\xfe\r\n", id="no text"),
        pytest.param(b"250 x\r", id="CR alone"),
        pytest.param(b"x" * 4096, id="no line end"),
    ],
)
async def test_a_server_that_floods(family: str, step: int, noise: bytes) -> None:
    await ends_unknown(family, *in_clear(family)[:step], endless(noise))


def slowly(octets: bytes) -> Step:
    async def step(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for octet in octets:
            writer.write(bytes([octet]))
            await writer.drain()
            await asyncio.sleep(SOON / 5)

    return step


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_greeting_that_comes_octet_by_octet_and_never_ends(family: str) -> None:
    await ends_unknown(family, slowly(b"2" * 50))


@pytest.mark.parametrize("family", FAMILIES)
async def test_plain_text_in_place_of_a_handshake(family: str) -> None:
    await ends_unknown(family, *in_clear(family), say(b"* OK no TLS here\r\n" * 9), silence)


@pytest.mark.parametrize("family", FAMILIES)
async def test_an_alert_in_place_of_a_handshake(family: str, authority: TestAuthority) -> None:
    """A server that shares no cipher with anybody."""
    alert = struct.pack("!BHHBB", 21, 0x0303, 2, 2, 40)
    await ends_unknown(family, *in_clear(family), hear_anything, say(alert), silence)


async def hear_anything(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(65536)


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_server_that_wants_a_certificate_of_the_client(
    family: str, authority: TestAuthority
) -> None:
    """In TLS 1.3 it says so after the handshake, when the client thinks that all is well."""
    context = authority.server(HOST)
    context.verify_mode = ssl.CERT_REQUIRED
    await ends_unknown(family, *in_clear(family), tls(context), silence)


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_connection_that_is_reset_inside_tls(family: str, authority: TestAuthority) -> None:
    await ends_unknown(family, *in_clear(family), tls(authority.server(HOST)), reset)


@pytest.mark.parametrize("family", FAMILIES)
async def test_ten_thousand_capabilities(family: str) -> None:
    many = {
        "smtp": f"250-{HOST}\n" + "250-X\n" * 10_000,
        "imap": "* CAPABILITY " + "X " * 10_000 + "\na1 OK\n",
        "pop3": "+OK\n" + "".join(f"X{n}\n" for n in range(10_000)),
        "managesieve": '"X"\n' * 10_000,
    }
    await ends_unknown(family, *in_clear(family)[:2], say(many[family]), silence)


ALICE = Envelope("", "alice@example.org")
Asking = Callable[[LiveWorld, EndpointAddress], Awaitable[object]]


@pytest.mark.parametrize("step", [silence, reset, endless(b"250-x\r\n"), say("554 no\n")])
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda w, at: w.ask(SmtpTransactions(at, (ALICE,))), id="transactions"),
        pytest.param(lambda w, at: w.ask(StarttlsInjection(at)), id="injected"),
        pytest.param(lambda w, at: w.ask(TlsNegotiation(at, "old TLS")), id="agreed"),
    ],
)
async def test_the_other_questions_end_as_well(step: Step, ask: Asking) -> None:
    asked = world(seconds=SOON)
    assert asked._network.contexts.offering("old TLS")
    async with scripted((step,)) as server:
        with bounded(SOON), pytest.raises(Inconclusive):
            await ask(asked, listener("smtp", server.port))


async def test_a_hostile_server_takes_nothing_from_the_others(authority: TestAuthority) -> None:
    """Side by side with a flood, a silence and a reset an honest server is understood."""
    honest = (say("+OK\n"), hear("CAPA"), say("+OK\nUIDL\n.\n"), hear("QUIT"), say("+OK\n"))
    asked = world(authority.file, seconds=2.0)
    async with (
        scripted((endless(b"x"),)) as flood,
        scripted((silence,)) as mute,
        scripted((reset,)) as broken,
        scripted(honest, context=authority.server(HOST)) as good,
    ):
        found = await asyncio.gather(
            *(asked.ask(ServerSession(listener("smtp", s.port))) for s in (flood, mute, broken)),
            asked.ask(ServerSession(listener("pop3s", good.port))),
            return_exceptions=True,
        )
    assert [type(one) for one in found] == [Inconclusive, Inconclusive, Inconclusive, Session]


# DNS ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def saying(respond: Callable[[bytes], bytes]) -> AsyncIterator[tuple[str, int]]:
    """Answer every packet with octets, whatever they mean."""

    class Raw(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            self.transport.sendto(respond(data), addr)  # type: ignore[attr-defined]

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Raw, local_addr=("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")
    finally:
        transport.close()


def impatient(*servers: tuple[str, int]) -> LiveWorld:
    asked = world(resolvers=servers)
    asked._dns.seconds = SOON
    return asked


def looping(query: bytes) -> bytes:
    """An answer whose name is compressed to a pointer at itself (RFC 1035 §4.1.4)."""
    head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, 1, 0, 0)
    question = dns.message.from_wire(query).question[0]
    wire = question.name.to_wire() + struct.pack("!HH", question.rdtype, 1)  # type: ignore[operator]
    at = len(head) + len(wire)
    return head + wire + struct.pack("!HHHIH", 0xC000 | at, 1, 1, 60, 4) + bytes(4)


@pytest.mark.parametrize(
    "respond",
    [
        pytest.param(looping, id="compression loop"),
        pytest.param(lambda query: query[:2] + b"\x81\x80", id="cut head"),
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda query: query[:2] + bytes(600), id="zeros"),
        pytest.param(lambda _: b"\xff" * 4000, id="noise"),
        pytest.param(lambda query: query, id="the question again"),
    ],
)
async def test_answers_that_are_none(respond: Callable[[bytes], bytes]) -> None:
    async with saying(respond) as server:
        with bounded(3 * SOON), pytest.raises(Inconclusive):
            await impatient(server).ask(DnsQuery("example.org.", "A"))


def large(query: dns.message.Message) -> dns.message.Message:
    """A text of sixty thousand octets."""
    response = dns.message.make_response(query)
    text = " ".join(f'"{"x" * 250}"' for _ in range(240))
    response.answer.append(dns.rrset.from_text("example.org.", 60, "IN", "TXT", text))
    return response


async def test_a_text_of_sixty_thousand_octets_is_a_text() -> None:
    async with name_server(truncated, tcp=large) as server:
        with bounded(1.0):
            found = await world(resolvers=(server,)).ask(DnsQuery("example.org.", "TXT"))
    assert [len(value) for value in found.values] == [60_000]


async def test_one_name_server_of_two_is_dead() -> None:
    good = answer("example.org. 60 IN A 192.0.2.1")
    async with name_server(no_answer) as dead, name_server(good) as alive:
        with bounded(SOON):
            found = await impatient(dead, alive).ask(DnsQuery("example.org.", "A"))
    assert found.values == ("192.0.2.1",)


# HTTPS -------------------------------------------------------------------------------------------

LOCAL = {HOST: "127.0.0.1"}
BOMB = gzip.compress(bytes(10**7))


@pytest.mark.parametrize(
    "script",
    [
        pytest.param((hear("GET"), reset), id="reset"),
        pytest.param((hear("GET"), slowly(b"HTTP/1.1 200 OK\r\n" * 9)), id="octet by octet"),
        pytest.param((hear("GET"), say("HTTP/1.1 200 OK\nContent-Length: 99\n\nx")), id="cut"),
        pytest.param((hear("GET"), say("HTTP/1.1 100 Go on\n\n"), silence), id="100 and no more"),
        pytest.param((hear("GET"), endless(b"HTTP/1.1 100 Go\r\n\r\n")), id="100 without end"),
        pytest.param((hear("GET"), endless(b"\0")), id="NUL octets"),
    ],
)
async def test_pages_that_never_come(script: tuple[Step, ...]) -> None:
    asked = world(seconds=SOON, connect=LOCAL)
    async with scripted(script) as server:
        with bounded(SOON), pytest.raises(Inconclusive):
            await asked.ask(PageRequest(f"http://{HOST}:{server.port}/"))


async def test_what_is_packed_stays_packed() -> None:
    """Nobody asked for compression: ten million octets in ten thousand are not unpacked."""
    head = f"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {len(BOMB)}\n\n"
    async with scripted((hear("GET"), say(head), say(BOMB))) as server:
        with bounded(1.0):
            page = await world(connect=LOCAL).ask(PageRequest(f"http://{HOST}:{server.port}/"))
    assert page.status == 200
    assert len(page.body) < 64 * 1024


def asks_a_world(asked: World) -> World:
    """A LiveWorld is a World: the type checker sees to it."""
    return asked


def test_a_live_world_is_a_world() -> None:
    assert asks_a_world(world())
