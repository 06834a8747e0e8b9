"""Senders that would fail tomorrow, and answers that would not fit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats.names import absolute
from mailconf.formats.quoting import character_strings
from mailconf.formats.spf import SpfRecord, is_record
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.spf.networks import left_out
from mailconf.plugins.spf.options import SpfOptions
from mailconf.plugins.spf.policy import record_for

NARROWED = Rule(
    code="DNG002",
    name="spf-senders-removed",
    severity=Severity.ERROR,
    found_by="plan",
    message="{gone} may send for {domain} today and would fail SPF",
    fix="add them under senders:, or make sure that they no longer send, then allow this change",
    ref="RFC 7208 §10.1.1",
)
LARGE = Rule(
    code="DNG008",
    name="txt-answer-large",
    severity=Severity.WARNING,
    found_by="plan",
    message="the response with all TXT records at {name} would be {octets} octets; the safe limit is {most}",
    fix="remove TXT records that are no longer needed, such as site verifications",
    ref="RFC 7208 §3.4",
)
MOST_OCTETS = 512
HEADER, QUESTION, RECORD = 12, 4, 12
"""Octets of a message, of a question behind its name, of a record with its name compressed."""


def all_domains(view: View[SpfOptions]) -> Iterator[Domain]:
    """Yield every domain: each has a record."""
    return iter(view.spec.domains.values())


async def senders_may_still_send(
    view: View[SpfOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Hold who may send today against who may then."""
    texts = (await world.ask(DnsQuery(absolute(domain.name), "TXT"))).values
    wanted, where = _record(view, domain), ("domains", domain.name, "spf")
    for text in filter(is_record, texts):
        today, _ = SpfRecord.parse_leniently(text)
        gone = await left_out(domain.name, today, wanted, world)
        if gone:
            facts = {"domain": domain.name, "gone": ", ".join(gone)}
            yield NARROWED.at(domain.name, where, **facts)
    kept = [text for text in texts if not is_record(text)]
    octets = answer_size(domain.name, [*kept, str(wanted)])
    if octets > MOST_OCTETS:
        facts = {"name": domain.name, "octets": str(octets), "most": str(MOST_OCTETS)}
        yield LARGE.at(domain.name, where, **facts)


def _record(view: View[SpfOptions], domain: Domain) -> SpfRecord:
    return record_for(view.with_options(view.for_domain(domain)), domain)


def answer_size(name: str, texts: list[str]) -> int:
    """Return the octets of a DNS answer that holds some texts (RFC 1035 §4.1)."""
    strings = [part for text in texts for part in character_strings(text)]
    data = sum(1 + len(part) for part in strings)
    return HEADER + len(name) + 2 + QUESTION + RECORD * len(texts) + data


DANGERS = (
    Check(
        "spf.narrowed",
        "Senders that pass SPF now still do.",
        all_domains,
        senders_may_still_send,
    ),
)
