"""Policies that nobody tells us of when they hurt."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.model.requests.promises import StsMode
from mailconf.plugins.tls_rpt.options import TlsRptOptions

BLIND = Rule(
    code="RPT001",
    name="tls-rpt-missing",
    severity=Severity.NOTICE,
    message="{domain} makes senders require TLS ({how}) but has no report address; delivery failures stay unnoticed",
    fix="add a report address: tls_rpt: {{reports: ['mailto:tls@{domain}']}}",
    ref="RFC 8460 §1",
    bad="domains: {example.org: {mta_sts: {mode: enforce}}}",
    good="domains: {example.org: {mta_sts: {mode: enforce}, tls_rpt: {reports: ['mailto:tls@example.org']}}}",
)


def failures_are_reported(view: View[TlsRptOptions], domain: Domain) -> Iterator[Finding]:
    """Look for what senders insist on."""
    how = [
        name
        for name, holds in (("DANE", _has_dane(view, domain)), ("MTA-STS", _enforces(view, domain)))
        if holds
    ]
    if domain.is_hosted and how and not view.for_domain(domain).reports:
        yield BLIND.at(
            domain.name, ("domains", domain.name), domain=domain.name, how=" and ".join(how)
        )


def _has_dane(view: View[TlsRptOptions], domain: Domain) -> bool:
    names = (absolute(f"_25._tcp.{host.hostname}") for _, host in view.spec.mx_of(domain))
    return any(view.records.at(name, "TLSA") for name in names)


def _enforces(view: View[TlsRptOptions], domain: Domain) -> bool:
    """Policies are no records: their mode is requested."""
    return any(sts.mode == "enforce" for sts in view.requests.about(StsMode, domain.name))
