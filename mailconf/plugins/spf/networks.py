"""Which senders one SPF record names and another does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from mailconf.formats.names import absolute, relative
from mailconf.formats.spf import Mechanism, SpfRecord
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World

Network = IPv4Network | IPv6Network


async def left_out(domain: str, old: SpfRecord, new: SpfRecord, world: World) -> list[str]:
    """Return the terms of `old` that let somebody send whom `new` does not name.

    Terms a and mx count by the addresses that they lead to now; included records by their name.
    """
    named = [m.network for m in new.mechanisms if m.qualifier == "+" and m.name in ("ip4", "ip6")]
    kept = {(m.name, m.value, m.cidr) for m in new.mechanisms if m.qualifier == "+"}
    found = []
    for term in old.mechanisms:
        if (
            term.qualifier != "+"
            or term.name == "all"
            or (term.name, term.value, term.cidr) in kept
        ):
            continue
        if not await _is_covered(domain, term, named, world):
            found.append(str(term))
    target = old.modifier("redirect")
    return (
        [*found, f"redirect={target}"] if target and target != new.modifier("redirect") else found
    )


async def _is_covered(domain: str, term: Mechanism, named: list[Network], world: World) -> bool:
    if term.name in ("ip4", "ip6"):
        return _within(term.network, named)
    if term.name not in ("a", "mx") or "%" in term.value:
        return False
    name = absolute(relative(term.value or domain))
    return all([_within(one, named) async for one in _addresses(term, name, world)])


async def _addresses(term: Mechanism, name: str, world: World) -> AsyncIterator[Network]:
    names = [name]
    if term.name == "mx":
        names = [value.split()[-1] for value in (await world.ask(DnsQuery(name, "MX"))).values]
    for host in names:
        for rtype, version in (("A", 4), ("AAAA", 6)):
            for value in (await world.ask(DnsQuery(host, rtype))).values:
                yield ip_network(f"{value}/{term.prefix(version)}", strict=False)


def _within(network: Network, named: list[Network]) -> bool:
    same = (other for other in named if other.version == network.version)
    return any(network.subnet_of(other) for other in same)  # type: ignore[arg-type]
