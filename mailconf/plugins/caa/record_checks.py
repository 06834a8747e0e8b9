"""Authorities that would not renew, and properties that have no effect."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats.caa import Caa
from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute, parent
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.caa.options import CaaOptions

# What authorities call themselves in certificates, and in CAA records (their practice statements, 2026).
NAMES = {
    "let's encrypt": "letsencrypt.org",
    "internet security research group": "letsencrypt.org",
    "zerossl": "sectigo.com",
    "sectigo": "sectigo.com",
    "google trust services": "pki.goog",
    "digicert": "digicert.com",
    "buypass": "buypass.com",
    "globalsign": "globalsign.com",
    "ssl.com": "ssl.com",
}
NOT_LISTED = Rule(
    code="CAA001",
    name="caa-issuer-not-allowed",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate of {host} was issued by {issuer}, but CAA allows only {allowed}; renewal would fail",
    expected="a certificate from a CA that the CAA records allow: {allowed}",
    fix="add this CA to caa.issuers, or get the next certificate from an allowed CA",
    ref="RFC 8659 §3",
)
MAIL_ONLY = Rule(
    code="CAA002",
    name="caa-issuemail-alone",
    severity=Severity.NOTICE,
    found_by="verify",
    message="the CAA records of {name} contain only issuemail (S/MIME); any CA may issue server certificates",
    expected="issue properties beside issuemail",
    fix="add issue properties as well",
    ref="RFC 9495 §4",
    bad='mail CAA 0 issuemail "ca.example"',
    good='mail CAA 0 issuemail "ca.example"\nmail CAA 0 issue "ca.example"',
    language="zone",
)


def listeners(view: View[CaaOptions]) -> list[EndpointAddress]:
    """Return one listener of every host that shows a certificate."""
    return [
        EndpointAddress(points[0], points[0].addresses[0])
        for host in view.spec.hosts.values()
        if (points := view.spec.endpoints_of(host))
    ]


async def issuer_may_renew(
    _view: View[CaaOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Hold the issuer of the certificate in use against whom CAA allows."""
    host = listener.endpoint.host
    allowed = [_issuer(one) for one in await _relevant(absolute(host), world) if one.tag == "issue"]
    if not allowed:
        return
    session = await world.ask(ServerSession(listener))
    if session.tls is None:
        raise Inconclusive("no TLS session, so there is no certificate to check")
    issuer = session.tls.issuer
    domain = next((name for word, name in NAMES.items() if word in issuer.lower()), "")
    if domain and domain not in allowed:
        names = " and ".join(filter(None, allowed)) or "nobody"
        facts = {"host": host, "issuer": issuer, "allowed": names}
        yield NOT_LISTED.at(host, ("plugins", "caa"), **facts)


async def _relevant(name: str, world: World) -> list[Caa]:
    """Return the records that count: of the name, or of the nearest one above (§3)."""
    while name != ".":
        values = (await world.ask(DnsQuery(name, "CAA"))).values
        if values:
            return [one for value in values if (one := _read(value))]
        name = parent(name)
    return []


def _read(value: str) -> Caa | None:
    try:
        return Caa.parse(value)
    except FormatError:
        return None


def _issuer(one: Caa) -> str:
    try:
        return one.issuer.domain
    except FormatError:
        return ""


def all_hosts(view: View[CaaOptions]) -> Iterator[Host]:
    """Yield every host: each has certificates."""
    return iter(view.spec.hosts.values())


async def properties_have_effect(
    _view: View[CaaOptions], host: Host, world: World
) -> AsyncIterator[Finding]:
    """Look for what is taken for a restriction and is none."""
    tags = {one.tag for one in await _relevant(absolute(host.hostname), world)}
    if "issuemail" in tags and not tags & {"issue", "issuewild"}:
        yield MAIL_ONLY.at(host.hostname, ("hosts", host.key, "caa"), name=host.hostname)


PUBLISHED = (
    Check(
        "caa.records",
        "The CAA records have the effect that they seem to have.",
        all_hosts,
        properties_have_effect,
        former=("caa.published",),
    ),
    Check(
        "caa.issuer",
        "The CA that issued the certificate may issue the next one.",
        listeners,
        issuer_may_renew,
    ),
)
