"""Whoever sends for a domain stands in its record."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.plugins.spf.options import SpfOptions

SMARTHOST = Rule(
    code="SPF021",
    name="spf-smarthost-not-declared",
    severity=Severity.ERROR,
    message="{domain} sends through {host}, but no sender declares the addresses of that provider",
    fix="add the provider under senders: {{include: its SPF record}} or {{addresses: […]}}",
    ref="RFC 7208 §10.1.1",
    bad="domains: {example.org: {smarthost: {host: smtp.provider.example}}}",
    good=(
        "domains: {example.org: {smarthost: {host: smtp.provider.example}, "
        "senders: [{include: _spf.provider.example}]}}"
    ),
)


HARD_FAIL = Rule(
    code="SPF010",
    name="spf-hard-fail-with-senders",
    severity=Severity.NOTICE,
    message="the SPF record of {domain} ends with -all while third parties send for it; forwarded mail may be rejected before DKIM is evaluated",
    fix="end in ~all and let DMARC decide",
    ref="RFC 9989 §7.1",
    bad="domains: {example.org: {spf: {all: '-all'}, senders: [{include: _spf.sender.example}]}}",
    good=(
        "domains: {example.org: {spf: {all: '~all'}, "
        "senders: [{include: _spf.sender.example, dkim: {s1: s1.sender.example}}]}}"
    ),
)


def senders_are_named(view: View[SpfOptions], domain: Domain) -> Iterator[Finding]:
    """Yield a provider that stands in no record, and a record that is stricter than it is wise."""
    if domain.senders and view.for_domain(domain).all == "-all":
        yield HARD_FAIL.at(domain.name, ("domains", domain.name, "spf"), domain=domain.name)
    if domain.sends and domain.smarthost and not domain.senders:
        where = ("domains", domain.name, "smarthost")
        yield SMARTHOST.at(domain.name, where, domain=domain.name, host=domain.smarthost.host)
