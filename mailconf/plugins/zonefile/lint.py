"""Lifetimes that keep a change from being seen, or name servers from resting."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.plugins.zonefile.options import ZonefileOptions

SHORTEST, LONGEST = 60, 86400
ODD_TTL = Rule(
    code="DNS004",
    name="ttl-out-of-range",
    severity=Severity.WARNING,
    message="{kind} records live {ttl} s in caches, wanted {shortest} to {longest}",
    fix="give a span such as 5m to 1h: a mistake lives as long",
    ref="RFC 1912 §2.2",
    bad="dns: {ttls: {mx: 2w}}",
    good="dns: {ttls: {mx: 1h}}",
)


def ttls_are_usual(view: View[ZonefileOptions]) -> Iterator[Finding]:
    """Yield every lifetime that is out of the ordinary."""
    dns = view.spec.dns
    ttls: list[tuple[str, int, Path]] = [("all", dns.ttl, ("dns", "ttl"))]
    ttls += [(kind, ttl, ("dns", "ttls", kind)) for kind, ttl in dns.ttls.items()]
    for kind, ttl, where in ttls:
        if not SHORTEST <= ttl <= LONGEST:
            facts = {"kind": kind, "ttl": ttl, "shortest": SHORTEST, "longest": LONGEST}
            yield ODD_TTL.at(kind, where, **facts)
