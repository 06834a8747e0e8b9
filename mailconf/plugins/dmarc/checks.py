"""Reports go only to whom lets them (RFC 9990 §4)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.mailauth.dmarc import may_report_to
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.world import World
from mailconf.plugins.dmarc.options import DmarcOptions
from mailconf.plugins.dmarc.policy import authorisation, is_elsewhere, record_for, report_domains

NOT_AGREED = Rule(
    code="DMC014",
    name="dmarc-report-not-authorized",
    severity=Severity.ERROR,
    found_by="verify",
    message="receivers send no reports about {domain} to {other}: the authorization record {name} is missing",
    expected="a record {name} that begins with v=DMARC1",
    fix='ask the owner of {other} to publish {name} TXT "v=DMARC1;", or use a report address in your own domain',
    ref="RFC 9990 §4",
)


def with_reports_elsewhere(view: View[DmarcOptions]) -> Iterator[Domain]:
    """Yield the domains whose reports leave their own part of the tree."""
    for domain in view.spec.domains.values():
        if _elsewhere(view, domain):
            yield domain


def _elsewhere(view: View[DmarcOptions], domain: Domain) -> list[str]:
    found = report_domains(record_for(view, domain))
    return [other for other in found if is_elsewhere(other, domain.name)]


async def reports_are_welcome(
    view: View[DmarcOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Ask as a reporter does before it sends anything."""
    for other in _elsewhere(view, domain):
        if not await may_report_to(domain.name, other, world):
            facts = {"domain": domain.name, "other": other}
            name, where = authorisation(domain.name, other), ("domains", domain.name, "dmarc")
            yield NOT_AGREED.at(domain.name, where, name=name, **facts)


CHECKS = (
    Check(
        "dmarc.report-authorization",
        "External report addresses authorize the reports.",
        with_reports_elsewhere,
        reports_are_welcome,
        former=("dmarc.reports",),
    ),
)
