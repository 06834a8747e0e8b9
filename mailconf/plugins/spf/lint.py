"""Whoever sends for a domain stands in its record."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.plugins.spf.options import SpfOptions

SMARTHOST = Rule(
    code="SPF021",
    name="spf-without-smarthost",
    severity=Severity.ERROR,
    message="mail of {domain} leaves through {host}, and nothing says where that sends from",
    fix="add the provider under senders: {{include: its SPF record}} or {{addresses: […]}}",
    ref="RFC 7208 §10.1.1",
    bad="domains: {example.org: {smarthost: {host: smtp.provider.example}}}",
    good=(
        "domains: {example.org: {smarthost: {host: smtp.provider.example}, "
        "senders: [{include: _spf.provider.example}]}}"
    ),
)


def senders_are_named(_view: View[SpfOptions], domain: Domain) -> Iterator[Finding]:
    """Yield a provider that carries a domain's mail and stands in no record."""
    if domain.sends and domain.smarthost and not domain.senders:
        where = ("domains", domain.name, "smarthost")
        yield SMARTHOST.at(domain.name, where, domain=domain.name, host=domain.smarthost.host)
