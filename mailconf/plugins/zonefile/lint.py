"""Lifetimes that keep a change from being seen, or name servers from resting."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute, relative
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.model.zone import nearest, zones
from mailconf.plugins.zonefile.options import ZonefileOptions

SHORTEST, LONGEST = 60, 86400
ODD_TTL = Rule(
    code="DNS004",
    name="ttl-out-of-range",
    severity=Severity.WARNING,
    message="the TTL of {kind} records is {ttl} s; expected {shortest} s to {longest} s",
    fix="set a TTL between 5m and 1h; a wrong record also stays in caches for this long",
    ref="RFC 1912 §2.2",
    bad="dns: {ttls: {mx: 2w}}",
    good="dns: {ttls: {mx: 1h}}",
)

NO_ADDRESS = Rule(
    code="DNS005",
    name="name-server-without-address",
    severity=Severity.ERROR,
    message="name server {server} is in zone {zone}, but no address is declared for it",
    fix="declare it as a host, or use a name server in another zone",
    ref="RFC 1034 §4.2.1",
    bad="plugins: {zonefile: {name_servers: [ns1.example.org]}}",
    good="plugins: {zonefile: {name_servers: [ns1.example.net]}}",
)


def name_servers_are_found(view: View[ZonefileOptions]) -> Iterator[Finding]:
    """Yield name servers whose address the zones that they serve should hold and do not."""
    known = {record.name for record in view.records if record.type in ("A", "AAAA")}
    apexes = (
        {zone.apex for zone in zones(view.spec, view.records)}
        if view.options.name_servers
        else set()
    )
    for number, server in enumerate(view.options.name_servers):
        name = absolute(server)
        above = nearest(name, apexes)
        if above and name not in known:
            where = ("plugins", "zonefile", "name_servers", number)
            yield NO_ADDRESS.at(server, where, server=server, zone=relative(above))


def all_of_it(view: View[ZonefileOptions]) -> Iterator[Finding]:
    """Yield whatever is wrong with the zones as a whole."""
    yield from ttls_are_usual(view)
    yield from name_servers_are_found(view)


def ttls_are_usual(view: View[ZonefileOptions]) -> Iterator[Finding]:
    """Yield every lifetime that is out of the ordinary."""
    dns = view.spec.dns
    ttls: list[tuple[str, int, Path]] = [("all", dns.ttl, ("dns", "ttl"))]
    ttls += [(kind, ttl, ("dns", "ttls", kind)) for kind, ttl in dns.ttls.items()]
    for kind, ttl, where in ttls:
        if not SHORTEST <= ttl <= LONGEST:
            facts = {"kind": kind, "ttl": ttl, "shortest": SHORTEST, "longest": LONGEST}
            yield ODD_TTL.at(kind, where, **facts)
