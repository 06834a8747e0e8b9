"""What mailboxes want to see before they show a logo."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.dmarc import DmarcRecord
from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.plugins.bimi.options import BimiOptions

LOGO, EVIDENCE = "logo: 'https://example.org/logo.svg'", "evidence: 'https://example.org/vmc.pem'"
NOT_SHOWN = Rule(
    code="BIM001",
    name="bimi-logo-not-shown",
    severity=Severity.NOTICE,
    message="mailbox providers do not display the BIMI logo of {domain}: {why}",
    fix="set DMARC policy quarantine or reject, also for subdomains, and set bimi.evidence to a mark certificate",
    ref="draft-brand-indicators-for-message-identification §7.1",
    bad=f"domains: {{example.org: {{bimi: {{{LOGO}}}, dmarc: {{policy: none}}}}}}",
    good=f"domains: {{example.org: {{bimi: {{{LOGO}, {EVIDENCE}}}}}}}",
)


def logo_can_be_shown(view: View[BimiOptions], domain: Domain) -> Iterator[Finding]:
    """Hold the record against the domain's DMARC record."""
    options, where = view.for_domain(domain), ("domains", domain.name, "bimi")
    if not options.logo or domain.mail == "none":
        return
    name = absolute(f"_dmarc.{domain.name}")
    texts = [record.value for record in view.records.at(name, "TXT")]
    try:
        record = DmarcRecord.parse(texts[0]) if texts else DmarcRecord("none")
    except FormatError:
        return  # The lint of the dmarc section reports what is wrong with its options.
    if "none" in (record.p, record.sp) or record.t == "y":
        yield NOT_SHOWN.at(
            domain.name, where, domain=domain.name, why="its DMARC policy is not enforced"
        )
    if not options.evidence:
        why = "no mark certificate is set"
        yield NOT_SHOWN.at(domain.name, where, domain=domain.name, why=why)
