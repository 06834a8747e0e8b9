"""Records of an earlier build that would vanish while mail depends on them, whichever plugin wanted them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from mailconf.engine.compare import leftovers, without
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.record import Record, RecordSet
from mailconf.model.world import World

WITHDRAWN = Rule(
    code="DNG013",
    name="records-removed",
    severity=Severity.ERROR,
    found_by="plan",
    message="the {kind} record at {name} is published and would be removed: {harm}",
    fix="restore the domain or plugin that declared it, or allow this change and give a reason",
    ref="RFC 5321 §5.1, RFC 7208 §4.5, RFC 6376 §3.6.1, RFC 9989 §4.10, RFC 8461 §8.3",
)


def withdrawn(previous: Iterable[Record], wanted: Iterable[Record]) -> list[RecordSet]:
    """Return the sets that were ours, that mail depends on, and that nobody wants any more."""
    return [gone for gone in without(previous, wanted) if gone.records[0].kind.harm]


async def is_missed(gone: RecordSet, zones: World) -> AsyncIterator[Finding]:
    """Look whether a set is still published, and still of use."""
    answer = await zones.ask(DnsQuery(gone.name, gone.type))
    kind = gone.records[0].kind
    used = [await kind.is_used(gone.name, value, zones) for value in leftovers(gone, answer)]
    if any(used):
        yield WITHDRAWN.at(gone.name, kind=kind.name, name=gone.name, harm=kind.harm)
