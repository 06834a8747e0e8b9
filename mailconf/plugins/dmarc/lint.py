"""Report addresses that receivers can use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailconf.formats.dmarc import POLICIES
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
WEAKER_BELOW = Rule(
    code="DMC007",
    name="dmarc-weaker-below",
    severity=Severity.WARNING,
    message="{tag} is {below}, weaker than {policy}: forgers take a name below {domain}",
    fix="leave {tag} out, or make it as strict",
    ref="RFC 9989 §4.7",
    bad="domains: {example.org: {dmarc: {policy: reject, subdomain_policy: none}}}",
    good="domains: {example.org: {dmarc: {policy: reject, nonexistent_policy: reject}}}",
)


def policies_make_sense(view: View[DmarcOptions], domain: Domain) -> Iterator[Finding]:
    """Yield report addresses that nobody can use, and policies below that let forgers in."""
    yield from _reports_are_uris(view, domain)
    options, where = view.for_domain(domain), ("domains", domain.name, "dmarc")
    for tag in ("subdomain_policy", "nonexistent_policy"):
        below = getattr(options, tag)
        if (
            below
            and domain.mail != "none"
            and POLICIES.index(below) < POLICIES.index(options.policy)
        ):
            facts = {"tag": tag, "below": below, "policy": options.policy, "domain": domain.name}
            yield WEAKER_BELOW.at(domain.name, (*where, tag), **facts)


def _reports_are_uris(view: View[DmarcOptions], domain: Domain) -> Iterator[Finding]:
    where = ("domains", domain.name, "dmarc", "reports")
    for number, uri in enumerate(view.options.reports):
        if not REPORT_URI.fullmatch(uri):
            yield NOT_A_URI.at(domain.name, (*where, number), found=uri)
