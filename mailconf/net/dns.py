"""DNS questions to resolvers and zones' servers: bounded, retried, silence told from nothing."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import dns.rcode

from mailconf.model.world import Answer, Bogus, CannotTell, ServerFailure
from mailconf.net import wire
from mailconf.net.pipe import bound
from mailconf.net.stub import SilentError, Stub

Resolver = tuple[str, int]
DNS_PORT = 53
TRIES = 3
TCP_AT_ONCE = 50
TRY_SECONDS = 2.0
MAX_ALIASES = 8
NXDOMAIN = int(dns.rcode.NXDOMAIN)
UNREADABLE = (SilentError, wire.MalformedError, OSError, EOFError)
YES_OR_NO = (int(dns.rcode.NOERROR), NXDOMAIN)
CUT = wire.TC >> 8


class NotItsZoneError(CannotTell):
    """The server that was asked does not serve the zone."""


KINDS: dict[int, type[CannotTell]] = {
    dns.rcode.SERVFAIL: ServerFailure,
    dns.rcode.REFUSED: NotItsZoneError,
    dns.rcode.NOTAUTH: NotItsZoneError,
}


def system_resolvers(file: Path = Path("/etc/resolv.conf")) -> tuple[Resolver, ...]:
    """Return the name servers of resolv.conf(5), or the local one when there are none."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    words = [line.split() for line in lines]
    found = tuple(
        (w[1].partition("%")[0], DNS_PORT) for w in words if w[:1] == ["nameserver"] and w[1:]
    )
    return found or (("127.0.0.1", DNS_PORT),)


def resolver_of(text: str) -> Resolver:
    """Read ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; raises ValueError for anything else."""
    address, port = address_of(text)
    return address, DNS_PORT if port is None else port


def address_of(text: str) -> tuple[str, int | None]:
    """Read ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; no port is None. Raises ValueError."""
    has_port = text.count(":") == 1 or "]:" in text
    host, _, port = text.rpartition(":") if has_port else (text, "", "")
    if has_port and (not port.isdecimal() or not 0 < int(port) < 2**16):
        raise ValueError(f"wanted ADDRESS or ADDRESS:PORT, not {text!r}")
    return str(ip_address(host.strip("[]"))), int(port) if has_port else None


@dataclass(slots=True)
class Asker:
    """Whoever asks: one stub for each server; `source` is the local address to come from.

    `seconds` is how long one answer may take; there are `TRIES`.
    """

    source: str = ""
    seconds: float = TRY_SECONDS
    stubs: dict[Resolver, Stub] = field(default_factory=dict)
    connections: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TCP_AT_ONCE))

    def lookup(
        self, resolvers: tuple[Resolver, ...], name: str, rtype: str
    ) -> Coroutine[Any, Any, Answer]:
        """Ask one question of the first resolver that answers.

        `name` is absolute; one that no question can hold does not exist. Raises CannotTell for
        time-outs, SERVFAIL and REFUSED.
        """
        return self._asked(name, rtype, resolvers, wire.RD | wire.AD)

    def ask_server(
        self, addresses: tuple[Resolver, ...], name: str, rtype: str
    ) -> Coroutine[Any, Any, Answer]:
        """Ask a server of the zone itself, at the first of its addresses that answers.

        Raises CannotTell for silence, and NotItsZoneError for a server that does not serve the zone.
        """
        return self._asked(name, rtype, addresses, 0)

    async def _asked(
        self, name: str, rtype: str, servers: tuple[Resolver, ...], flags: int
    ) -> Answer:
        """Ask one after the other until one answers yes or no; of a zone's servers (no flags) for the zone."""
        try:
            question = wire.question_of(name, rtype)
        except (ValueError, UnicodeError):
            return Answer(exists=False)
        asked = wire.presented(name, question)
        why: CannotTell = CannotTell("no resolver is known")
        for number in range(TRIES if servers else 0):
            server = servers[number % len(servers)]
            if number and self._stub(server).is_dead:
                continue  # known by now: a dead server costs a run twice its time, in total
            try:
                response = wire.parse(await self._octets(question, server, flags), question, asked)
            except UNREADABLE as fault:
                why = CannotTell(f"{server[0]} port {server[1]}: {_reason(fault)}")
                continue
            if response.rcode in YES_OR_NO and (flags or response.flags & wire.AA):
                return _answer(response, asked, rtype, bool(flags) and _is_here(server[0]))
            why = _refusal(response, server)
        if (
            isinstance(why, ServerFailure)
            and flags
            and await self._disbelieves(question, server, flags)
        ):
            why = Bogus(f"{why}, and has an answer that DNSSEC does not prove")
        raise type(why)(f"{name} {rtype}: {why}")

    async def _octets(self, question: bytes, server: Resolver, flags: int) -> bytes:
        """Ask over UDP, over TCP when the answer is cut."""
        octets = await self._stub(server).ask(question, flags)
        if octets[2] & CUT:
            return await self._over_tcp(question, server, flags)
        return octets

    async def _disbelieves(self, question: bytes, server: Resolver, flags: int) -> bool:
        """Tell whether a resolver that failed answers when it need not validate (RFC 4035 §3.2.2).

        It must fail again after that: a failure of a moment ago may only have been remembered.
        """
        try:
            unchecked = await self._octets(question, server, flags | wire.CD)
            checked = await self._octets(question, server, flags)
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

    async def _over_tcp(self, question: bytes, server: Resolver, flags: int) -> bytes:
        local = bound(self.source, server[0])
        async with self.connections, asyncio.timeout(self.seconds):
            reader, writer = await asyncio.open_connection(*server, local_addr=local)
            try:
                sent = wire.query(secrets.randbelow(1 << 16), flags, question)
                writer.write(len(sent).to_bytes(2) + sent)
                octets = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            finally:
                writer.close()
        if octets[:2] != sent[:2] or not wire.answers_question(octets, question):
            raise wire.MalformedError("the answer over TCP is to another question")
        return octets


def _reason(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "no answer in time"
    return (fault.strerror if isinstance(fault, OSError) else "") or str(fault)


@cache
def _is_here(address: str) -> bool:
    """Only of a resolver on this machine: anybody between here and another could set the bit."""
    return ip_address(address).is_loopback


def _refusal(response: wire.Response, server: Resolver) -> CannotTell:
    if response.rcode in YES_OR_NO:
        return NotItsZoneError(f"{server[0]} does not answer for the zone")
    code = dns.rcode.to_text(dns.rcode.Rcode(response.rcode))
    kind = KINDS.get(response.rcode, CannotTell)
    return kind(f"{server[0]} port {server[1]} answered {code}")


def _answer(response: wire.Response, start: str, rtype: str, trusted: bool) -> Answer:
    end = start if rtype == "CNAME" or not response.aliases else _end_of_aliases(response, start)
    found = [record for record in response.records if record[0] == end]
    return Answer(
        tuple(sorted([value for _, _, value in found])),
        end if end != start else "",
        response.flags & wire.RCODE != NXDOMAIN,
        trusted and response.flags & wire.AD != 0,
        _lifetime(response, [ttl for _, ttl, _ in found]),
    )


def _lifetime(response: wire.Response, ttls: list[int]) -> int:
    """Return for how long an answer may be kept; of nothing, what the SOA says (RFC 2308 §5)."""
    if response.aliases:
        ttls = [*ttls, *(ttl for _, ttl in response.aliases.values())]
    if response.negative_ttl:
        ttls = [*ttls, response.negative_ttl]
    return min(ttls) if ttls else 0


def _end_of_aliases(response: wire.Response, name: str) -> str:
    for _ in range(MAX_ALIASES):
        if name not in response.aliases:
            return name
        name = response.aliases[name][0].lower()
    raise CannotTell(f"{name} is the {MAX_ALIASES}th alias in a row")
