"""Live checks of DNS lists, which say "listed", nothing, or that they do not answer us (RFC 5782)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network

from mailconf.formats.names import absolute
from mailconf.model.endpoint import Address
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.dnsbl.options import DnsblOptions

LISTED = Rule(
    code="DBL001",
    name="address-on-blocklist",
    severity=Severity.WARNING,
    found_by="verify",
    message="{who} is listed on {zone}: {codes}{why}",
    expected="not listed",
    fix="read the list's explanation, fix the cause, and then request removal",
    ref="RFC 5782 §2.1",
)
DOMAIN_LISTED = Rule(
    code="DBL002",
    name="domain-on-blocklist",
    severity=Severity.WARNING,
    found_by="verify",
    message="{who} is listed on {zone}: {codes}{why}",
    expected="not listed",
    fix="read the list's explanation, fix the cause, and then request removal",
    ref="RFC 5782 §2.2",
)
LOOPBACK = ip_network("127.0.0.0/8")
# What Spamhaus answers to public resolvers and to whom it does not serve; others do as it does.
UNSERVED = {
    "127.255.255.252": "the zone name is wrong",
    "127.255.255.254": "the list rejects public resolvers, use your own",
    "127.255.255.255": "the query limit is exceeded",
}
# Entries that every list must have, and must not (RFC 5782 §5).
ALWAYS, NEVER = IPv4Address("127.0.0.2"), IPv4Address("127.0.0.1")
ALWAYS_6, NEVER_6 = ip_address("::ffff:7f00:2"), ip_address("::ffff:7f00:1")


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody of ours on one list; `key` stands before the zone in the question."""

    who: str
    zone: str
    key: str
    always: str
    never: str
    where: Path
    rule: Rule

    def __str__(self) -> str:
        return f"{self.who} on {self.zone}"


def addresses(view: View[DnsblOptions]) -> Iterator[Entry]:
    """Yield every address that mail leaves from, on every list of addresses."""
    for host in view.spec.egress:
        for address in host.addresses:
            is_4 = isinstance(address, IPv4Address)
            always, never = (ALWAYS, NEVER) if is_4 else (ALWAYS_6, NEVER_6)
            for zone in view.options.address_lists:
                yield Entry(
                    who=str(address),
                    zone=zone,
                    key=_reversed(address),
                    always=_reversed(always),
                    never=_reversed(never),
                    where=("hosts", host.key, "addresses"),
                    rule=LISTED,
                )


def domains(view: View[DnsblOptions]) -> Iterator[Entry]:
    """Yield every domain that sends, on every list of domains."""
    for domain in view.spec.domains.values():
        if domain.sends:
            for zone in view.options.domain_lists:
                where = ("domains", domain.name)
                yield Entry(domain.name, zone, domain.name, "test", "invalid", where, DOMAIN_LISTED)


def _reversed(address: Address) -> str:
    """Return an address as lists want it: octets or nibbles backwards."""
    return address.reverse_pointer.rpartition(".")[0].rpartition(".")[0]


async def is_listed(
    _view: View[DnsblOptions], entry: Entry, world: World
) -> AsyncIterator[Finding]:
    """Ask, and believe a listing only of a list that works."""
    codes = await _codes(entry.key, entry, world)
    if not codes:
        if not await _codes(entry.always, entry, world):
            raise Inconclusive(f"{entry.zone} is not usable: its test entry is missing")
        return
    if await _codes(entry.never, entry, world):
        raise Inconclusive(f"{entry.zone} is not usable: it lists every entry")
    texts = (await world.ask(DnsQuery(_question(entry.key, entry), "TXT"))).values
    why = f" ({texts[0]})" if texts else ""
    facts = {"who": entry.who, "zone": entry.zone, "codes": ", ".join(codes), "why": why}
    yield entry.rule.at(entry, entry.where, **facts)


async def _codes(key: str, entry: Entry, world: World) -> tuple[str, ...]:
    """Return the codes of a listing; raises Inconclusive for an answer that is none."""
    codes = (await world.ask(DnsQuery(_question(key, entry), "A"))).values
    for code in codes:
        if code in UNSERVED:
            raise Inconclusive(f"{entry.zone}: {UNSERVED[code]} ({code})")
        if ip_address(code) not in LOOPBACK or code == str(NEVER):
            raise Inconclusive(f"{entry.zone} returned {code}, which is not a DNSBL result")
    return codes


def _question(key: str, entry: Entry) -> str:
    return absolute(f"{key}.{entry.zone}")


CHECKS = (
    Check("dnsbl.address", "No DNS list has the addresses of the hosts.", addresses, is_listed),
    Check("dnsbl.domain", "No DNS list has the domains.", domains, is_listed),
)
