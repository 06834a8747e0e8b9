"""Published TLSRPT records that nobody can use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute
from mailconf.formats.tls_rpt import TlsRptRecord
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.tls_rpt.options import TlsRptOptions
from mailconf.plugins.tls_rpt.records import RECEIVING

VERSION = "v=TLSRPTv1"
MALFORMED = Rule(
    code="RPT002",
    name="tls-rpt-record-malformed",
    severity=Severity.ERROR,
    found_by="verify",
    message="senders cannot use the TLSRPT record of {domain}: {why}",
    expected="one valid TLSRPT record",
    fix="publish only the record that mailconf renders",
    ref="RFC 8460 §3",
    bad='_smtp._tls TXT "v=TLSRPTv1; rua=tls@example.org"',
    good='_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.org"',
    language="zone",
)


def receiving_domains(view: View[TlsRptOptions]) -> Iterator[Domain]:
    """Yield the domains that receive mail, here or with a provider."""
    return (domain for domain in view.spec.domains.values() if domain.kind in RECEIVING)


async def record_can_be_read(
    _view: View[TlsRptOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Read the record as senders do, if there is one."""
    texts = (await world.ask(DnsQuery(absolute(f"_smtp._tls.{domain.name}"), "TXT"))).values
    records, where = (
        [text for text in texts if text.startswith(VERSION)],
        ("domains", domain.name, "tls_rpt"),
    )
    if len(records) > 1:
        why = f"there are {len(records)} records"
        yield MALFORMED.at(domain.name, where, domain=domain.name, why=why)
    for text in records if len(records) == 1 else ():
        try:
            TlsRptRecord.parse(text)
        except FormatError as why:
            yield MALFORMED.at(domain.name, where, domain=domain.name, why=str(why))


PUBLISHED = (
    Check(
        "tls_rpt.record",
        "Senders can send TLS reports.",
        receiving_domains,
        record_can_be_read,
        former=("tls_rpt.published",),
    ),
)
