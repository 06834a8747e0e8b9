"""DNS questions to resolvers and zones' servers: bounded, retried, silence told from nothing."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cache, partial
from ipaddress import ip_address
from typing import Any, NamedTuple

import dns.rcode

from mailconf.model.questions.dns import Answer
from mailconf.model.world import DnssecBogus, Inconclusive, ServerFailure
from mailconf.net import wire
from mailconf.net.callbacks import Hear, Tasks
from mailconf.net.resolvers import Resolver
from mailconf.net.stream import bound
from mailconf.net.stub import SilentError, Stub

TRIES = 3
TCP_AT_ONCE = 50
TRY_SECONDS = 2.0
MAX_ALIASES = 8
NXDOMAIN = int(dns.rcode.NXDOMAIN)
UNREADABLE = (SilentError, wire.MalformedError, OSError, EOFError)
YES_OR_NO = (int(dns.rcode.NOERROR), NXDOMAIN)
CUT = wire.TC >> 8


class NotItsZoneError(Inconclusive):
    """The server that was asked does not serve the zone."""


KINDS: dict[int, type[Inconclusive]] = {
    dns.rcode.SERVFAIL: ServerFailure,
    dns.rcode.REFUSED: NotItsZoneError,
    dns.rcode.NOTAUTH: NotItsZoneError,
}


class Question(NamedTuple):
    """What is asked: as the caller names it, and in octets."""

    name: str
    rtype: str
    octets: bytes
    flags: int

    @property
    def is_for_resolvers(self) -> bool:
        """Tell whether recursion is wanted; of a zone's servers it is not."""
        return self.flags != 0


@dataclass(slots=True)
class Asker:
    """Whoever asks: one stub for each server; `source` is the local address to come from.

    `seconds` is how long one answer may take; there are `TRIES`.
    """

    source: str = ""
    seconds: float = TRY_SECONDS
    stubs: dict[Resolver, Stub] = field(default_factory=dict)
    connections: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TCP_AT_ONCE))
    tasks: Tasks = field(default_factory=Tasks)

    def begin(
        self,
        resolvers: tuple[Resolver, ...],
        name: str,
        rtype: str,
        hear: Hear[Answer],
    ) -> None:
        """Ask as `lookup` does, and have the answer told, or why there is none.

        Only what the first datagram does not settle gets a task.
        """
        question = _question(name, rtype, wire.RD | wire.AD)
        if question is None or not resolvers:
            self.tasks.begin(self.lookup(resolvers, name, rtype), hear)
            return
        heard = partial(self._heard, question, resolvers, hear)
        self._stub(resolvers[0]).put(question.octets, question.flags, heard)

    def _heard(
        self,
        question: Question,
        resolvers: tuple[Resolver, ...],
        hear: Hear[Answer],
        first: bytes | Exception,
    ) -> None:
        found = _settled(question, resolvers[0], first)
        if found:
            hear(found)
        else:
            self.tasks.begin(self._asked(question, resolvers, first), hear)

    def lookup(
        self, resolvers: tuple[Resolver, ...], name: str, rtype: str
    ) -> Coroutine[Any, Any, Answer]:
        """Ask one question of the first resolver that answers.

        `name` is absolute; one that no question can hold does not exist. Raises Inconclusive for
        time-outs, SERVFAIL and REFUSED.
        """
        return self._asked(_question(name, rtype, wire.RD | wire.AD), resolvers)

    def ask_server(
        self, addresses: tuple[Resolver, ...], name: str, rtype: str
    ) -> Coroutine[Any, Any, Answer]:
        """Ask a server of the zone itself, at the first of its addresses that answers.

        Raises Inconclusive for silence, and NotItsZoneError for a server that does not serve the zone.
        """
        return self._asked(_question(name, rtype, 0), addresses)

    async def _asked(
        self,
        question: Question | None,
        servers: tuple[Resolver, ...],
        first: bytes | Exception | None = None,
    ) -> Answer:
        """Ask one after the other until one answers yes or no; of a zone's servers for the zone.

        `first` is what the first one said, if it has been asked.
        """
        if question is None:
            return Answer(exists=False)
        why: Inconclusive = Inconclusive("no DNS resolver is configured")
        for number in range(TRIES if servers else 0):
            server = servers[number % len(servers)]
            if number and self._stub(server).is_dead:
                continue  # known by now: a dead server costs a run twice its time, in total
            try:
                octets = await self._octets(question, server, first)
                response = wire.parse(octets, question.octets)
            except UNREADABLE as fault:
                why = Inconclusive(f"{server[0]} port {server[1]}: {_reason(fault)}")
                continue
            finally:
                first = None
            if _says_yes_or_no(response, question):
                return _answer(response, question, server)
            why = _refusal(response, server)
        if (
            isinstance(why, ServerFailure)
            and question.is_for_resolvers
            and await self._disbelieves(question, server)
        ):
            why = DnssecBogus(f"{why}, and has an answer that DNSSEC does not prove")
        raise type(why)(f"{question.name} {question.rtype}: {why}")

    async def _octets(
        self, question: Question, server: Resolver, heard: bytes | Exception | None = None
    ) -> bytes:
        """Ask over UDP, unless that has been done; over TCP when the answer is cut."""
        if isinstance(heard, Exception):
            raise heard
        octets = heard or await self._stub(server).ask(question.octets, question.flags)
        if octets[2] & CUT:
            return await self._over_tcp(question, server)
        return octets

    async def _disbelieves(self, question: Question, server: Resolver) -> bool:
        """Tell whether a resolver that failed answers when it need not validate (RFC 4035 §3.2.2).

        It must fail again after that: a failure of a moment ago may only have been remembered.
        """
        try:
            unchecked = await self._octets(
                question._replace(flags=question.flags | wire.CD), server
            )
            checked = await self._octets(question, server)
        except UNREADABLE:
            return False
        return (
            unchecked[3] & wire.RCODE in YES_OR_NO and checked[3] & wire.RCODE == dns.rcode.SERVFAIL
        )

    def _stub(self, server: Resolver) -> Stub:
        stub = self.stubs.get(server)
        if stub is None:
            stub = self.stubs[server] = Stub(*server, self.seconds, self.source)
        return stub

    async def _over_tcp(self, question: Question, server: Resolver) -> bytes:
        local = bound(self.source, server[0])
        async with self.connections, asyncio.timeout(self.seconds):
            reader, writer = await asyncio.open_connection(*server, local_addr=local)
            try:
                sent = wire.query(secrets.randbelow(1 << 16), question.flags, question.octets)
                writer.write(len(sent).to_bytes(2) + sent)
                octets = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            finally:
                writer.close()
        if octets[:2] != sent[:2] or not wire.answers_question(octets, question.octets):
            raise wire.MalformedError("the answer over TCP is to another question")
        return octets


def _question(name: str, rtype: str, flags: int) -> Question | None:
    """Return a question; None for a name that none can hold."""
    try:
        octets = wire.question_of(name, rtype)
    except (ValueError, UnicodeError):
        return None
    return Question(name, rtype, octets, flags)


def _settled(question: Question, server: Resolver, first: bytes | Exception) -> Answer | None:
    """Return what a first datagram says; None when it does not say yes or no, or not all of it."""
    if isinstance(first, Exception) or first[2] & CUT:
        return None
    try:
        response = wire.parse(first, question.octets)
        return _answer(response, question, server) if _says_yes_or_no(response, question) else None
    except Exception:  # told by whoever reads it again, at leisure
        return None


def _says_yes_or_no(response: wire.Response, question: Question) -> bool:
    """A server of the zone must know, too (AA, RFC 1035 §4.1.1)."""
    return response.rcode in YES_OR_NO and (
        question.is_for_resolvers or response.flags & wire.AA != 0
    )


def _reason(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "timed out"
    return (fault.strerror if isinstance(fault, OSError) else "") or str(fault)


@cache
def _is_here(address: str) -> bool:
    """Only of a resolver on this machine: anybody between here and another could set the bit."""
    return ip_address(address).is_loopback


def _refusal(response: wire.Response, server: Resolver) -> Inconclusive:
    if response.rcode in YES_OR_NO:
        return NotItsZoneError(f"{server[0]} is not authoritative for the zone")
    code = dns.rcode.to_text(dns.rcode.Rcode(response.rcode))
    kind = KINDS.get(response.rcode, Inconclusive)
    return kind(f"{server[0]} port {server[1]} answered {code}")


def _answer(response: wire.Response, question: Question, server: Resolver) -> Answer:
    alias, values = "", response.values
    if response.aliases or response.others:
        alias, values = _followed(response, question)
    return Answer(
        tuple(sorted(values)),
        alias,
        response.flags & wire.RCODE != NXDOMAIN,
        response.flags & wire.AD != 0 and question.is_for_resolvers and _is_here(server[0]),
        response.ttl,
    )


def _followed(response: wire.Response, question: Question) -> tuple[str, list[str]]:
    """Return where aliases lead, empty when nowhere else, and the values there."""
    start = wire.name_of(question.octets)
    end = start if question.rtype == "CNAME" else _end_of_aliases(response, start)
    here = response.values if end == start else []
    there = [value for owner, value in response.others if owner == end]
    return ("" if end == start else end), here + there


def _end_of_aliases(response: wire.Response, name: str) -> str:
    for _ in range(MAX_ALIASES):
        if name not in response.aliases:
            return name
        name = response.aliases[name]
    raise Inconclusive(f"the CNAME chain of {name} exceeds {MAX_ALIASES} records")
