"""Every host that a domain names as MX is there."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.plugins.mx_records.options import MxOptions

UNDEFINED = Rule(
    code="MX020",
    name="mx-host-undefined",
    severity=Severity.ERROR,
    message="found host {key!r}, wanted one of {known}",
    fix="correct the name, or add the host under hosts:",
    bad="hosts: {mail: {…}}\ndomains: {example.org: {mx: {mial: 10}}}",
    good="hosts: {mail: {…}}\ndomains: {example.org: {mx: {mail: 10}}}",
)


def mx_hosts_exist(view: View[MxOptions], domain: Domain) -> Iterator[Finding]:
    """Yield a finding for every MX host that the spec does not define."""
    for key in domain.mx.keys() - view.spec.hosts.keys():
        known = ", ".join(view.spec.hosts)
        yield UNDEFINED.at(domain.name, ("domains", domain.name, "mx", key), key=key, known=known)
