"""Records of an earlier build that would vanish while mail depends on them, whichever plugin wanted them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from mailconf.engine.compare import RecordSet, leftovers, without
from mailconf.formats.dkim import DkimKey
from mailconf.formats.names import relative
from mailconf.mailauth.mta_sts import discover
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.record import Record
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
HARM = {
    "mx": "mail could not be delivered",
    "spf": "SPF would authorize no sender",
    "dkim": "mail in transit could not be verified",
    "dmarc": "the domain could be spoofed",
    "mta_sts": "senders could not refresh the policy that they have cached",
}
NULL_MX = "0 ."


def withdrawn(previous: Iterable[Record], wanted: Iterable[Record]) -> list[RecordSet]:
    """Return the sets that were ours, that mail depends on, and that nobody wants any more."""
    return [gone for gone in without(previous, wanted) if gone.records[0].kind in HARM]


async def is_missed(gone: RecordSet, zones: World) -> AsyncIterator[Finding]:
    """Look whether a set is still published, and still of use."""
    answer = await zones.ask(DnsQuery(gone.name, gone.type))
    left = [value for value in leftovers(gone, answer) if value != NULL_MX]
    kind = gone.records[0].kind
    if kind == "dkim":
        keys = (DkimKey.parse_leniently(value)[0] for value in left)
        left = [value for value, key in zip(left, keys, strict=True) if key and not key.is_revoked]
    if left and kind == "mta_sts":
        policy = (await discover(relative(gone.name).removeprefix("_mta-sts."), zones)).policy
        left = left if policy and policy.mode != "none" else []
    if left:
        yield WITHDRAWN.at(gone.name, kind=kind, name=gone.name, harm=HARM[kind])
