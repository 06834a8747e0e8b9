"""Published SRV records that lead clients astray."""

from __future__ import annotations

from collections.abc import AsyncIterator

from mailconf.formats.names import absolute
from mailconf.model.addresses import has_address
from mailconf.model.domain import Domain
from mailconf.model.endpoint import PROTOCOLS
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.srv.options import SrvOptions
from mailconf.plugins.srv.plan_checks import hosted_domains

MAIL = "mail A 192.0.2.25\n"
GOOD = f"{MAIL}_imaps._tcp SRV 0 1 993 mail"
USUAL = {protocol.label: protocol.port for protocol in PROTOCOLS if protocol.name != "smtp"}
WRONG_PORT = Rule(
    code="SRV001",
    name="srv-wrong-port",
    severity=Severity.ERROR,
    found_by="verify",
    message="{name} points to port {port}, which belongs to {other}",
    expected="the port of the service",
    fix="publish the port on which the service listens",
    ref="RFC 8314 §5.1",
    bad=f"{MAIL}_imaps._tcp SRV 0 1 995 mail",
    good=GOOD,
    language="zone",
)
NO_HOST = Rule(
    code="SRV002",
    name="srv-target-unusable",
    severity=Severity.ERROR,
    found_by="verify",
    message="{name} points to {target}, which {why}",
    expected="a host name with address records",
    fix="use a host name with address records",
    ref="RFC 2782",
    bad=f"{MAIL}imap CNAME mail\n_imaps._tcp SRV 0 1 993 imap",
    good=GOOD,
    language="zone",
)
NOT_PREFERRED = Rule(
    code="SRV004",
    name="srv-prefers-starttls",
    severity=Severity.NOTICE,
    found_by="verify",
    message="clients of {domain} prefer submission (STARTTLS) to submissions (implicit TLS)",
    expected="submissions before submission",
    fix="give _submissions the lower priority number",
    ref="RFC 8314 §5.1",
    bad=f"{MAIL}_submission._tcp SRV 0 1 587 mail\n_submissions._tcp SRV 10 1 465 mail",
    good=f"{MAIL}_submission._tcp SRV 10 1 587 mail\n_submissions._tcp SRV 0 1 465 mail",
    language="zone",
)


async def records_lead_somewhere(
    view: View[SrvOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Follow every record as a client does."""
    ours = view.records.values("SRV")
    first: dict[str, int] = {}
    for label, usual in USUAL.items():
        name = absolute(f"_{label}._tcp.{domain.name}")
        for value in (await world.ask(DnsQuery(name, "SRV"))).values:
            priority, _, port, target = value.split()
            if target == ".":
                continue
            first[label] = min(first.get(label, int(priority)), int(priority))
            other = next((o for o, number in USUAL.items() if number == int(port) != usual), "")
            if other and value not in ours:
                yield WRONG_PORT.at(name, ("protocols",), name=name, port=port, other=other)
            why = await _why_not(target, world)
            if why:
                yield NO_HOST.at(name, ("protocols",), name=name, target=target, why=why)
    if first.get("submission", 1) < first.get("submissions", 0):
        yield NOT_PREFERRED.at(domain.name, ("protocols",), domain=domain.name)


async def _why_not(target: str, world: World) -> str:
    if (await world.ask(DnsQuery(target, "CNAME"))).values:
        return "is a CNAME"
    return "" if await has_address(target, world) else "has no address"


PUBLISHED = (
    Check(
        "srv.records",
        "SRV records lead to services.",
        hosted_domains,
        records_lead_somewhere,
        former=("srv.published",),
    ),
)
