"""Forgers that would be let in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats.dmarc import POLICIES, DmarcRecord, is_record
from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.dmarc.options import DmarcOptions
from mailconf.plugins.dmarc.policy import record_for

WEAKENED = Rule(
    code="DNG003",
    name="dmarc-weakened",
    severity=Severity.ERROR,
    found_by="plan",
    message="the DMARC policy of {whose} would be weakened from {got} to {want}",
    fix="keep the policy, or allow this for a reason",
    ref="RFC 9989 §4.7",
)


def all_domains(view: View[DmarcOptions]) -> Iterator[Domain]:
    """Yield every domain: each has a policy."""
    return iter(view.spec.domains.values())


async def policy_stays_as_strict(
    view: View[DmarcOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Hold today's policy against ours: for the domain, names below it, and names that are not."""
    texts = (await world.ask(DnsQuery(absolute(f"_dmarc.{domain.name}"), "TXT"))).values
    records = [text for text in texts if is_record(text)]
    today = DmarcRecord.parse_leniently(records[0])[0] if len(records) == 1 else None
    if today is None:
        return
    got, want = in_force(today), in_force(record_for(view, domain))
    for whose, before, after in zip(_whose(domain.name), got, want, strict=True):
        if POLICIES.index(after) < POLICIES.index(before):
            where = ("domains", domain.name, "dmarc")
            yield WEAKENED.at(domain.name, where, whose=whose, got=before, want=after)


def _whose(domain: str) -> tuple[str, str, str]:
    return domain, f"subdomains of {domain}", f"nonexistent subdomains of {domain}"


def in_force(record: DmarcRecord) -> tuple[str, str, str]:
    """Return what p, sp and np ask for, one level less in test mode (§4.7 t)."""
    below = record.sp or record.p
    asked = (record.p, below, record.np or below)
    if record.t != "y":
        return asked
    less = [POLICIES[max(0, POLICIES.index(policy) - 1)] for policy in asked]
    return less[0], less[1], less[2]


DANGERS = (
    Check(
        "dmarc.weakened",
        "The DMARC policy does not become weaker.",
        all_domains,
        policy_stays_as_strict,
    ),
)
