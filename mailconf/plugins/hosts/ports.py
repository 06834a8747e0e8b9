"""Ports that protocols may have: two cannot share one, and servers deliver on 25 only."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.endpoint import PROTOCOLS, ProtocolName
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.plugins.hosts.options import HostsOptions

MX_PORT = 25

NOT_25 = Rule(
    code="PRT005",
    name="mx-port-not-25",
    severity=Severity.ERROR,
    message="mail for {domains} cannot arrive: smtp is {found}, but servers deliver only to port 25",
    fix="set smtp: {{port: 25}}, or mail: none under the domains",
    ref="RFC 5321 §4.5.4.2, BCP 134",
    bad="protocols: {smtp: {port: 2525}}",
    good="protocols: {smtp: {port: 25}}",
)
SHARED = Rule(
    code="PRT012",
    name="port-conflict",
    severity=Severity.ERROR,
    message="{one} and {other} both use port {port}",
    fix="give one of them its usual port, {usual}",
    bad="protocols: {imap: {port: 993}}",
    good="protocols: {imap: {port: 143}}",
)
OTHER_MODE = Rule(
    code="PRT007",
    name="port-of-another-protocol",
    severity=Severity.ERROR,
    message="{name} is on port {port}, which clients use for {expected}",
    fix="use port {usual}, or offer {expected} instead",
    ref="RFC 8314 §3",
    bad="protocols: {submission: {port: 465}, submissions: off}",
    good="protocols: {submissions: {port: 465}}",
)


def _unusual(code: str, name: str, protocol: str, usual: int, ref: str) -> Rule:
    odd = usual + 10_000
    return Rule(
        code=code,
        name=name,
        severity=Severity.WARNING,
        message="{name} is on port {port}, which mail clients do not try by default",
        fix="use port {usual}",
        ref=ref,
        bad=f"protocols: {{{protocol}: {{port: {odd}}}}}",
        good=f"protocols: {{{protocol}: {{port: {usual}}}}}",
    )


IMAP_PORT = _unusual("PRT002", "imap-port-unusual", "imaps", 993, "RFC 9051 §2.1, RFC 8314 §3.2")
POP3_PORT = _unusual("PRT003", "pop3-port-unusual", "pop3s", 995, "RFC 1939 §3, RFC 8314 §3.1")
SUBMISSION_PORT = _unusual(
    "PRT004", "submission-port-unusual", "submissions", 465, "RFC 6409 §3.1, RFC 8314 §3.3"
)
SIEVE_PORT = _unusual("PRT013", "managesieve-port-unusual", "managesieve", 4190, "RFC 5804 §1.8")
UNUSUAL = {
    "imap": IMAP_PORT,
    "pop3": POP3_PORT,
    "submission": SUBMISSION_PORT,
    "sieve": SIEVE_PORT,
}
ONLY_587 = Rule(
    code="PRT008",
    name="submission-without-implicit-tls",
    severity=Severity.NOTICE,
    message="mail submission is offered only on port {port} with STARTTLS, not with implicit TLS",
    fix="offer submissions, port 465, as well",
    ref="RFC 8314 §3.3",
    bad="protocols: {submissions: off}",
    good="protocols: {submissions: {port: 465}}",
)
ONLY_143 = Rule(
    code="PRT009",
    name="imap-without-implicit-tls",
    severity=Severity.NOTICE,
    message="IMAP is offered only on port {port} with STARTTLS, not with implicit TLS",
    fix="offer imaps, port 993, as well",
    ref="RFC 8314 §3.2",
    bad="protocols: {imaps: off, imap: {port: 143}}",
    good="protocols: {imaps: {port: 993}, imap: {port: 143}}",
)


def ports_make_sense(view: View[HostsOptions]) -> Iterator[Finding]:
    """Yield what is wrong with the ports that every host offers."""
    told: set[tuple[str, Path]] = set()
    for host in view.spec.hosts.values():
        for finding in (
            *_mx_port(view, host),
            *_one_port_each(view, host),
            *_usual_ports(view, host),
        ):
            # What is written once for all hosts is said once.
            if (finding.rule.code, finding.where) not in told:
                told.add((finding.rule.code, finding.where))
                yield finding


def _mx_port(view: View[HostsOptions], host: Host) -> Iterator[Finding]:
    domains = [domain.name for domain in view.spec.taken_by(host.hostname)]
    ports = {protocol.name: service.port for protocol, service in view.spec.offered_by(host)}
    if domains and host.is_("mx", "backup-mx") and ports.get("smtp") != MX_PORT:
        found = f"on port {ports['smtp']}" if "smtp" in ports else "off"
        where = where_offered(host, "smtp")
        yield NOT_25.at("smtp", where, domains=", ".join(domains), found=found)


def _usual_ports(view: View[HostsOptions], host: Host) -> Iterator[Finding]:
    """Yield ports that clients do not try, and services that only start TLS by a command."""
    offered = {protocol.name: service.port for protocol, service in view.spec.offered_by(host)}
    usual = {protocol.port for protocol in PROTOCOLS}
    for protocol, service in view.spec.offered_by(host):
        rule = UNUSUAL.get(protocol.family if not protocol.is_submission else "submission")
        if rule and service.port != protocol.port and service.port not in usual:
            where = (*where_offered(host, protocol.name), "port")
            facts = {"name": protocol.name, "port": str(service.port)}
            yield rule.at(protocol.name, where, **facts, usual=protocol.port)
    if "submission" in offered and "submissions" not in offered:
        yield ONLY_587.at(
            "submission", where_offered(host, "submission"), port=offered["submission"]
        )
    if "imap" in offered and "imaps" not in offered:
        yield ONLY_143.at("imap", where_offered(host, "imap"), port=offered["imap"])


def where_offered(host: Host, name: ProtocolName) -> Path:
    """Return where a protocol is written: for one host, or for all."""
    own = ("hosts", host.key) if name in host.protocols else ()
    return (*own, "protocols", name)


def _one_port_each(view: View[HostsOptions], host: Host) -> Iterator[Finding]:
    owners: dict[int, str] = {}
    for protocol, service in view.spec.offered_by(host):
        port = service.port
        name, where = protocol.name, where_offered(host, protocol.name)
        expected = next((p.name for p in PROTOCOLS if p.port == port), name)
        if port in owners:
            facts = {"one": owners[port], "other": name, "port": str(port)}
            yield SHARED.at(name, where, **facts, usual=protocol.port)
        elif expected != name:
            facts = {"name": name, "port": str(port), "expected": expected}
            yield OTHER_MODE.at(name, where, **facts, usual=protocol.port)
        owners.setdefault(port, name)
