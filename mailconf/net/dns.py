"""DNS questions to resolvers and zones' servers: bounded, retried, silence told from nothing."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path

import dns.rcode

from mailconf.model.world import Answer, CannotTell
from mailconf.net import wire
from mailconf.net.dial import bound
from mailconf.net.stub import SilentError, Stub

Resolver = tuple[str, int]
DNS_PORT = 53
TRIES = 3
TCP_AT_ONCE = 50
TRY_SECONDS = 2.0
MAX_ALIASES = 8
NOT_SERVED = (dns.rcode.REFUSED, dns.rcode.NOTAUTH)


class NotItsZoneError(CannotTell):
    """The server that was asked does not serve the zone."""


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

    async def lookup(self, name: str, rtype: str, resolvers: tuple[Resolver, ...]) -> Answer:
        """Ask one question of the first resolver that answers.

        `name` is absolute; one that no question can hold does not exist. Raises CannotTell for
        time-outs, SERVFAIL and REFUSED.
        """
        return await self._asked(name, rtype, resolvers, wire.RD | wire.AD)

    async def ask_server(self, name: str, rtype: str, addresses: tuple[Resolver, ...]) -> Answer:
        """Ask a server of the zone itself, at the first of its addresses that answers.

        Raises CannotTell for silence, and NotItsZoneError for a server that does not serve the zone.
        """
        return await self._asked(name, rtype, addresses, 0)

    async def _asked(
        self, name: str, rtype: str, servers: tuple[Resolver, ...], flags: int
    ) -> Answer:
        try:
            question = wire.question_of(name, rtype)
        except (ValueError, UnicodeError):
            return Answer(exists=False)
        response, server = await self._answered(f"{name} {rtype}", question, servers, flags)
        if not flags & wire.RD and not response.flags & wire.AA:
            raise NotItsZoneError(f"{name} {rtype}: {server[0]} does not answer for the zone")
        trusted = bool(flags & wire.RD) and _is_trusted(server)
        return _answer(response, wire.presented(name, question), rtype, trusted)

    async def _answered(
        self, what: str, question: bytes, servers: tuple[Resolver, ...], flags: int
    ) -> tuple[wire.Response, Resolver]:
        """Ask one after the other until one answers yes or no."""
        why: CannotTell = CannotTell(f"{what}: no resolver is known")
        for number in range(TRIES if servers else 0):
            server = servers[number % len(servers)]
            try:
                response = await self._ask(question, server, flags)
            except SilentError as silence:
                why = CannotTell(f"{what}: {silence}")
                continue
            except (wire.MalformedError, OSError, EOFError) as fault:
                why = CannotTell(f"{what}: {server[0]} port {server[1]}: {_reason(fault)}")
                continue
            if response.rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                return response, server
            code = dns.rcode.to_text(dns.rcode.Rcode(response.rcode))
            kind = NotItsZoneError if response.rcode in NOT_SERVED else CannotTell
            why = kind(f"{what}: {server[0]} port {server[1]} answered {code}")
        raise why

    async def _ask(self, question: bytes, server: Resolver, flags: int) -> wire.Response:
        """Ask over UDP, over TCP when the answer is cut."""
        stub = self.stubs.get(server)
        if stub is None:
            stub = self.stubs[server] = Stub(*server, self.seconds, self.source)
        octets = await stub.ask(question, flags)
        if int.from_bytes(octets[2:4]) & wire.TC:
            octets = await self._over_tcp(question, server, flags)
        return wire.parse(octets, question)

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
def _is_trusted(resolver: Resolver) -> bool:
    """Only a resolver on this machine: anybody between here and another could set the bit."""
    return ip_address(resolver[0]).is_loopback


def _answer(response: wire.Response, start: str, rtype: str, trusted: bool) -> Answer:
    end = start if rtype == "CNAME" else _end_of_aliases(response, start)
    found = response.sets.get(end)
    return Answer(
        values=tuple(sorted(found.values)) if found else (),
        alias=end if end != start else "",
        exists=response.rcode != dns.rcode.NXDOMAIN,
        secure=trusted and bool(response.flags & wire.AD),
        ttl=_lifetime(response, found),
    )


def _lifetime(response: wire.Response, found: wire.Set | None) -> int:
    """Return for how long an answer may be kept; of nothing, what the SOA says (RFC 2308 §5)."""
    ttls = [ttl for _, ttl in response.aliases.values()]
    if found:
        return min([found.ttl, *ttls])
    return min([*ttls, *([response.negative_ttl] if response.negative_ttl else [])], default=0)


def _end_of_aliases(response: wire.Response, name: str) -> str:
    for _ in range(MAX_ALIASES):
        if name not in response.aliases:
            return name
        name = response.aliases[name][0].lower()
    raise CannotTell(f"{name} is the {MAX_ALIASES}th alias in a row")
