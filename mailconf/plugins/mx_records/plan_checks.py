"""Mail that goes elsewhere today and would come here, or nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.mx_records.options import MxOptions
from mailconf.plugins.mx_records.records import NULL_MX

REPLACED = Rule(
    code="DNG001",
    name="mx-replaced",
    severity=Severity.ERROR,
    found_by="plan",
    message="mail for {domain} is delivered to {gone} today and would be delivered to {want}",
    fix="make the new hosts accept mail first, keep the old ones running until the old MX records expire from caches, then allow this change",
    ref="RFC 5321 §5.1",
)


def domains_with_mx(view: View[MxOptions]) -> Iterator[Domain]:
    """Yield the domains for which we say where mail goes, nowhere included."""
    return (d for d in view.spec.domains.values() if view.records.at(absolute(d.name), "MX"))


async def nobody_loses_mail(
    view: View[MxOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Hold the hosts that get mail today against those that shall."""
    name = absolute(domain.name)
    wanted = _hosts(record.value for record in view.records.at(name, "MX"))
    today = _hosts((await world.ask(DnsQuery(name, "MX"))).values)
    gone = sorted(today - wanted)
    if gone:
        want = ", ".join(sorted(wanted)) or "nobody"
        where = ("domains", domain.name)
        yield REPLACED.at(domain.name, where, domain=domain.name, gone=", ".join(gone), want=want)


def _hosts(values: Iterable[str]) -> set[str]:
    return {value.split()[-1].lower() for value in values if value.lower() != NULL_MX}


DANGERS = (
    Check(
        "mx.replaced",
        "The MX hosts that receive mail now still do.",
        domains_with_mx,
        nobody_loses_mail,
    ),
)
