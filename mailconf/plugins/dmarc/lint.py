"""Report addresses that receivers can use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.plugins.dmarc.options import DmarcOptions

# RFC 9989 §4.8: commas and exclamation marks are percent-encoded; mailto is the only scheme
# that RFC 9990 §3 requires receivers to support.
REPORT_URI = re.compile(r"mailto:[^\s,;!@]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
NOT_A_URI = Rule(
    code="DMC012",
    name="dmarc-report-not-a-uri",
    severity=Severity.ERROR,
    message="found report address {found!r}, wanted mailto:USER@DOMAIN",
    fix="write mailto: before the address; encode , as %2C and ! as %21",
    ref="RFC 9989 §4.8",
    bad="dmarc: {reports: [dmarc@example.org]}",
    good="dmarc: {reports: ['mailto:dmarc@example.org']}",
)


def reports_are_uris(view: View[DmarcOptions], domain: Domain) -> Iterator[Finding]:
    """Yield a finding for every report address that a receiver could not use."""
    where = ("domains", domain.name, "dmarc", "reports")
    for number, uri in enumerate(view.options.reports):
        if not REPORT_URI.fullmatch(uri):
            yield NOT_A_URI.at(domain.name, (*where, number), found=uri)
