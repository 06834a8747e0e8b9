"""Services that users' programs find today and would not any more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.srv.options import SrvOptions
from mailconf.plugins.srv.records import NOT_OFFERED

NO_SUBMISSION = Rule(
    code="DNG007",
    name="submission-removed",
    severity=Severity.ERROR,
    found_by="plan",
    message="{domain} announces mail submission at {got} today and would announce none",
    fix="keep submission or submissions open, or allow this for a reason",
    ref="RFC 6186 §3.1",
)
LABELS = ("submissions", "submission")


def hosted_domains(view: View[SrvOptions]) -> Iterator[Domain]:
    """Yield the domains that have users here."""
    return iter(view.spec.hosted)


async def users_can_still_send(
    view: View[SrvOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Look for the last submission service."""
    names = [absolute(f"_{label}._tcp.{domain.name}") for label in LABELS]
    records = (record for name in names for record in view.records.at(name, "SRV"))
    wanted = {record.value for record in records if record.value != NOT_OFFERED}
    today = [value for name in names for value in (await world.ask(DnsQuery(name, "SRV"))).values]
    offered = [value.split()[-1] for value in today if value.split()[-1] != "."]
    if offered and not wanted:
        facts = {"domain": domain.name, "got": ", ".join(sorted(set(offered)))}
        yield NO_SUBMISSION.at(domain.name, ("protocols",), **facts)


DANGERS = (
    Check("srv.submission", "Users can still submit mail.", hosted_domains, users_can_still_send),
)
