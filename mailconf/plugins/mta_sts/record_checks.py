"""Published MTA-STS records and policies that senders cannot use."""

from __future__ import annotations

from collections.abc import AsyncIterator

from mailconf.formats.error import FormatError
from mailconf.formats.mta_sts import StsPolicy, StsRecord
from mailconf.formats.names import absolute
from mailconf.mailauth.mta_sts import VERSION, discover
from mailconf.model.domain import Domain
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.questions.pages import PageRequest
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.mta_sts.checks import OK, domains_with_policy
from mailconf.plugins.mta_sts.options import MtaStsOptions
from mailconf.plugins.mta_sts.policy import policy_for, record_for, url

RECORD = '_mta-sts TXT "v=STSv1; id=20261125"'
MALFORMED = Rule(
    code="STS002",
    name="mta-sts-record-malformed",
    severity=Severity.ERROR,
    found_by="verify",
    message="senders ignore the MTA-STS record of {domain}: {why}",
    expected="one valid MTA-STS record",
    fix="publish only the record that mailconf renders",
    ref="RFC 8461 §3.1",
    bad='_mta-sts TXT "v=STSv1; id=2026-11-25"',
    good=RECORD,
    language="zone",
)
WILDCARD = Rule(
    code="STS004",
    name="mta-sts-wildcard-misplaced",
    severity=Severity.ERROR,
    found_by="verify",
    message="the mx pattern {pattern} is invalid: a wildcard must be the whole leftmost label",
    expected="a host name, or a wildcard as the leftmost label",
    fix="write *.example.org, or name each host",
    ref="RFC 8461 §4.1",
    bad="version: STSv1\nmode: enforce\nmx: mx.*.example.org\nmax_age: 604800\n",
    good="version: STSv1\nmode: enforce\nmx: *.example.org\nmax_age: 604800\n",
    language="mta-sts.txt",
)
SHORT = Rule(
    code="STS006",
    name="mta-sts-max-age-short",
    severity=Severity.WARNING,
    found_by="verify",
    message="max_age of the policy of {domain} is {seconds} s; blocking its refresh for longer disables MTA-STS",
    expected="86400 s or more",
    fix="serve a max_age of a week or more",
    ref="RFC 8461 §3.2, §10.2",
    bad="version: STSv1\nmode: enforce\nmx: *.example.org\nmax_age: 3600\n",
    good="version: STSv1\nmode: enforce\nmx: *.example.org\nmax_age: 604800\n",
    language="mta-sts.txt",
)
SAME_ID = Rule(
    code="STS007",
    name="mta-sts-id-unchanged",
    severity=Severity.ERROR,
    found_by="verify",
    message="the id of {domain} belongs to the declared policy, but another policy is served; senders will not fetch it again",
    expected="a new id for each policy",
    fix="deploy the generated policy; if the served policy is intended, change the id",
    ref="RFC 8461 §3.1, §8.1",
)
CERTIFICATE = Rule(
    code="STS005",
    name="mta-sts-mx-untrusted",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate of {host} is not trusted, so senders that enforce the policy do not deliver: {why}",
    expected="a trusted certificate that covers the host name",
    fix="install a certificate for the host name from a public CA",
    ref="RFC 8461 §4.2",
)
DAY = 86400


async def record_can_be_read(
    _view: View[MtaStsOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Read the record as senders do; that it is there is another check."""
    texts = (await world.ask(DnsQuery(absolute(f"_mta-sts.{domain.name}"), "TXT"))).values
    records, where = (
        [text for text in texts if VERSION.match(text)],
        ("domains", domain.name, "mta_sts"),
    )
    if len(records) > 1:
        why = f"there are {len(records)} records"
        yield MALFORMED.at(domain.name, where, domain=domain.name, why=why)
    for text in records if len(records) == 1 else ():
        try:
            StsRecord.parse(text)
        except FormatError as why:
            yield MALFORMED.at(domain.name, where, domain=domain.name, why=str(why))


async def policy_is_sound(
    view: View[MtaStsOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Look for what a policy's owner cannot have meant; that it is served is another check."""
    page, where = await world.ask(PageRequest(url(domain))), ("domains", domain.name, "mta_sts")
    if page.status != OK:
        return
    for line in page.body.splitlines():
        key, _, pattern = line.partition(":")
        if key == "mx" and "*" in pattern.strip().removeprefix("*."):
            yield WILDCARD.at(domain.name, where, pattern=pattern.strip())
    try:
        policy = StsPolicy.parse(page.body)
    except FormatError:
        return
    if policy.mode == "enforce" and policy.max_age < DAY:
        yield SHORT.at(domain.name, where, domain=domain.name, seconds=str(policy.max_age))
    texts = (await world.ask(DnsQuery(absolute(f"_mta-sts.{domain.name}"), "TXT"))).values
    if policy != policy_for(view, domain) and str(record_for(view, domain)) in texts:
        yield SAME_ID.at(domain.name, where, domain=domain.name)


def listeners(view: View[MtaStsOptions]) -> list[EndpointAddress]:
    """Return port 25 of every MX host of a domain with a policy, at each of its addresses."""
    points = [
        point
        for point in (view.spec.endpoints if view.spec.web else ())
        if point.protocol.name == "smtp" and view.spec.taken_by(point.host)
    ]
    return [EndpointAddress(point, address) for point in points for address in point.addresses]


async def certificate_is_trusted(
    view: View[MtaStsOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """See that whoever enforces a policy still delivers here."""
    host = listener.endpoint.host
    mine = view.spec.taken_by(host) if view.spec.web else ()
    found = [(await discover(domain.name, world)).policy for domain in mine]
    if not any(policy and policy.mode == "enforce" for policy in found):
        return
    session = await world.ask(ServerSession(listener))
    if session.tls is None:
        raise Inconclusive("no TLS session, so there is no certificate to check")
    if session.tls.fault:
        yield CERTIFICATE.at(
            listener, ("domains", mine[0].name, "mta_sts"), host=host, why=session.tls.fault
        )


PUBLISHED = (
    Check(
        "mta_sts.record",
        "Senders can read the MTA-STS record.",
        domains_with_policy,
        record_can_be_read,
        former=("mta_sts.published",),
    ),
    Check(
        "mta_sts.policy",
        "Senders read the policy as the spec declares it.",
        domains_with_policy,
        policy_is_sound,
    ),
    Check(
        "mta_sts.mx-certificates",
        "Senders that enforce the policy can deliver to every MX host.",
        listeners,
        certificate_is_trusted,
        former=("mta_sts.certificates",),
    ),
)
