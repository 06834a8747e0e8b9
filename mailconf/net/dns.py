"""DNS questions to one resolver: bounded, retried, and silent answers told from empty ones."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from mailconf.model.world import Answer, CannotTell

Resolver = tuple[str, int]
DNS_PORT = 53
TRIES = 3
TRY_SECONDS = 2.0
# RFC 9715 §3: larger answers are fragmented, and fragments get lost or forged.
PAYLOAD = 1232
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
    has_port = text.count(":") == 1 or "]:" in text
    host, _, port = text.rpartition(":") if has_port else (text, "", str(DNS_PORT))
    if not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError(f"wanted ADDRESS or ADDRESS:PORT, not {text!r}")
    return str(ip_address(host.strip("[]"))), int(port)


async def lookup(
    name: str,
    rtype: str,
    resolvers: tuple[Resolver, ...],
    seconds: float = TRY_SECONDS,
    source: str = "",
) -> Answer:
    """Ask one question of the first resolver that answers, from `source` where one is given.

    `name` is absolute; one that no question can hold does not exist. Raises CannotTell for
    time-outs, SERVFAIL and REFUSED.
    """
    query = _query(name, rtype)
    if query is None:
        return Answer(exists=False)
    query.flags |= dns.flags.AD
    response, resolver = await _answered(query, resolvers, seconds, source)
    return _answer(response, name, rtype, _is_trusted(resolver))


async def ask_server(
    name: str, rtype: str, addresses: tuple[Resolver, ...], seconds: float = TRY_SECONDS
) -> Answer:
    """Ask a server of the zone itself, at the first of its addresses that answers.

    Raises CannotTell for silence, and NotItsZoneError for a server that does not serve the zone.
    """
    query = _query(name, rtype)
    if query is None:
        return Answer(exists=False)
    query.flags &= ~dns.flags.RD
    response, server = await _answered(query, addresses, seconds)
    if not response.flags & dns.flags.AA:
        raise NotItsZoneError(f"{name} {rtype}: {server[0]} does not answer for the zone")
    return _answer(response, name, rtype, trusted=False)


def _query(name: str, rtype: str) -> dns.message.QueryMessage | None:
    """Return a question; None when no question can hold the name."""
    try:
        return dns.message.make_query(
            question(name), rtype, use_edns=0, want_dnssec=True, payload=PAYLOAD
        )
    except (dns.exception.DNSException, UnicodeError):
        return None


async def _answered(
    query: dns.message.QueryMessage,
    resolvers: tuple[Resolver, ...],
    seconds: float,
    source: str = "",
) -> tuple[dns.message.Message, Resolver]:
    """Ask one after the other until one answers yes or no."""
    name, rtype = query.question[0].name, dns.rdatatype.to_text(query.question[0].rdtype)
    why: CannotTell = CannotTell(f"{name} {rtype}: no resolver is known")
    for number in range(TRIES if resolvers else 0):
        resolver = resolvers[number % len(resolvers)]
        try:
            response = await _ask(query, resolver, seconds, source)
        except (dns.exception.DNSException, OSError, EOFError) as fault:
            told = f"{resolver[0]} port {resolver[1]}: {_reason(fault)}"
            why = CannotTell(f"{name} {rtype}: {told}")
            continue
        rcode = response.rcode()
        if rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return response, resolver
        told = f"{resolver[0]} port {resolver[1]} answered {dns.rcode.to_text(rcode)}"
        kind = NotItsZoneError if rcode in NOT_SERVED else CannotTell
        why = kind(f"{name} {rtype}: {told}")
    raise why


def question(name: str) -> dns.name.Name:
    """Return absolute `name` label by label: a backslash in it is a backslash."""
    labels = name.removesuffix(".").split(".") if name != "." else []
    return dns.name.Name([*(label.encode() for label in labels), b""])


async def _ask(
    query: dns.message.QueryMessage, resolver: Resolver, seconds: float, source: str
) -> dns.message.Message:
    """Ask over UDP, over TCP when the answer is cut; other packets than the answer are ignored."""
    host, port = resolver
    response, _ = await dns.asyncquery.udp_with_fallback(
        query,
        host,
        timeout=seconds,
        port=port,
        source=source if source and (":" in source) == (":" in host) else None,
        ignore_unexpected=True,
        ignore_errors=True,
    )
    return response


def _reason(fault: Exception) -> str:
    if isinstance(fault, dns.exception.Timeout):
        return "no answer in time"
    return (fault.strerror if isinstance(fault, OSError) else "") or str(fault)


def _is_trusted(resolver: Resolver) -> bool:
    """Only a resolver on this machine: anybody between here and another could set the bit."""
    return ip_address(resolver[0]).is_loopback


def _answer(response: dns.message.Message, name: str, rtype: str, trusted: bool) -> Answer:
    start = question(name)
    wanted = dns.rdatatype.from_text(rtype)
    end = start if rtype == "CNAME" else _end_of_aliases(response, start)
    found = response.get_rrset(response.answer, end, dns.rdataclass.IN, wanted)
    values = sorted(_value(rdata) for rdata in found) if found else []
    return Answer(
        values=tuple(values),
        alias=end.to_text().lower() if end != start else "",
        exists=response.rcode() != dns.rcode.NXDOMAIN,
        secure=trusted and bool(response.flags & dns.flags.AD),
        ttl=_lifetime(response, found),
    )


def _lifetime(response: dns.message.Message, found: dns.rrset.RRset | None) -> int:
    """Return for how long an answer may be kept; of nothing, what the SOA says (RFC 2308 §5)."""
    aliases = [r.ttl for r in response.answer if r.rdtype == dns.rdatatype.CNAME]
    if found:
        return min([found.ttl, *aliases])
    soas = [r for r in response.authority if r.rdtype == dns.rdatatype.SOA]
    return min([*aliases, *(min(r.ttl, r[0].minimum) for r in soas)], default=0)


def _end_of_aliases(response: dns.message.Message, name: dns.name.Name) -> dns.name.Name:
    for _ in range(MAX_ALIASES):
        found = response.get_rrset(response.answer, name, dns.rdataclass.IN, dns.rdatatype.CNAME)
        if not found:
            return name
        name = found[0].target
    raise CannotTell(f"{name} is the {MAX_ALIASES}th alias in a row")


def _value(rdata: dns.rdata.Rdata) -> str:
    """Return TXT joined and unquoted (RFC 7208 §3.3), any other type as a master file writes it."""
    if rdata.rdtype == dns.rdatatype.TXT:
        return b"".join(rdata.strings).decode("utf-8", "backslashreplace")  # type: ignore[attr-defined]
    return rdata.to_text().lower()
