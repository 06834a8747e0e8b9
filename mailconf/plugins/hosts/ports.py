"""Ports that protocols may have: two cannot share one, and servers deliver on 25 only."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.endpoint import PROTOCOLS
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.plugins.hosts.options import HostsOptions

MX_PORT = 25

NOT_25 = Rule(
    code="PRT005",
    name="mx-port-not-25",
    severity=Severity.ERROR,
    message="mail for {domains} could not arrive: smtp is {found}, servers deliver on port 25 only",
    fix="write smtp: {{port: 25}}, or mail: none under the domains",
    ref="RFC 5321 §4.5.4.2, BCP 134",
    bad="protocols: {smtp: {port: 2525}}",
    good="protocols: {smtp: {port: 25}}",
)
SHARED = Rule(
    code="PRT012",
    name="port-shared",
    severity=Severity.ERROR,
    message="{one} and {other} both want port {port}",
    fix="give one of them its usual port, {usual}",
    bad="protocols: {imap: {port: 993}}",
    good="protocols: {imap: {port: 143}}",
)
OTHER_MODE = Rule(
    code="PRT007",
    name="port-of-another-protocol",
    severity=Severity.ERROR,
    message="{name} is on port {port}, where clients expect {expected}",
    fix="use port {usual}, or offer {expected} instead",
    ref="RFC 8314 §3",
    bad="protocols: {submission: {port: 465}, submissions: off}",
    good="protocols: {submissions: {port: 465}}",
)


def ports_make_sense(view: View[HostsOptions]) -> Iterator[Finding]:
    """Yield what is wrong with the ports that every host offers."""
    ports = {protocol.name: port for protocol, port in view.spec.offered}
    if view.spec.hosted and ports.get("smtp") != MX_PORT:
        domains = ", ".join(domain.name for domain in view.spec.hosted)
        found = f"on port {ports['smtp']}" if "smtp" in ports else "off"
        yield NOT_25.at("smtp", ("protocols", "smtp"), domains=domains, found=found)
    yield from _one_port_each(view)


def _one_port_each(view: View[HostsOptions]) -> Iterator[Finding]:
    owners: dict[int, str] = {}
    for protocol, port in view.spec.offered:
        name, where = protocol.name, ("protocols", protocol.name)
        expected = next((p.name for p in PROTOCOLS if p.port == port), name)
        if port in owners:
            facts = {"one": owners[port], "other": name, "port": str(port)}
            yield SHARED.at(name, where, **facts, usual=protocol.port)
        elif expected != name:
            facts = {"name": name, "port": str(port), "expected": expected}
            yield OTHER_MODE.at(name, where, **facts, usual=protocol.port)
        owners.setdefault(port, name)
