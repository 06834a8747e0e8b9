"""Live checks for MTA-STS: is the policy we wrote the policy they get?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from mailconf.formats import FormatError
from mailconf.formats.mta_sts import StsPolicy
from mailconf.formats.names import absolute
from mailconf.mailauth.mta_sts import discover, is_text, match
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.questions.pages import PageRequest
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.mta_sts.options import MtaStsOptions
from mailconf.plugins.mta_sts.policy import policy_for, url

OK = 200

NOT_SERVED = Rule(
    code="STS001",
    name="mta-sts-policy-not-served",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} returned HTTP status {status}; expected 200",
    expected="status 200",
    fix="serve the generated mta-sts.txt there, without a redirect",
    ref="RFC 8461 §3.3",
)
UNTRUSTED = Rule(
    code="STS020",
    name="mta-sts-certificate-untrusted",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate of {url} is not trusted: {why}",
    expected="a trusted certificate that covers the host name",
    fix="install a certificate that covers the host name, with its full chain",
    ref="RFC 8461 §3.3",
)
UNREADABLE = Rule(
    code="STS009",
    name="mta-sts-policy-unreadable",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} is not a valid policy: {why}",
    expected="a valid policy",
    fix="serve the generated mta-sts.txt there",
    ref="RFC 8461 §3.2",
)
WRONG_TYPE = Rule(
    code="STS010",
    name="mta-sts-wrong-media-type",
    severity=Severity.WARNING,
    found_by="verify",
    message="{url} has media type {found}; expected text/plain",
    expected="text/plain",
    fix="serve .txt as text/plain",
    ref="RFC 8461 §3.2",
)
DIFFERS = Rule(
    code="STS011",
    name="mta-sts-policy-differs",
    severity=Severity.ERROR,
    found_by="verify",
    message="the served policy is {got}; the spec declares {want}",
    expected="{want}",
    fix="deploy the generated file, then publish the new _mta-sts record",
    ref="RFC 8461 §3.2",
)
MX_NOT_ALLOWED = Rule(
    code="STS003",
    name="mta-sts-mx-not-allowed",
    severity=Severity.ERROR,
    found_by="verify",
    message="the policy does not allow the MX host {host}, so senders do not deliver to it; allowed: {allowed}",
    expected="a policy that allows every MX host",
    fix="serve the generated policy, then change the id, and only then the MX records",
    ref="RFC 8461 §4.1, §8.3",
)


def domains_with_policy(view: View[MtaStsOptions]) -> Iterable[Domain]:
    """Return the domains that serve a policy."""
    return view.spec.hosted if view.spec.web else ()


async def policy_is_served(
    view: View[MtaStsOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Fetch a domain's policy over HTTPS and compare it with ours."""
    where, place = ("domains", domain.name, "mta_sts"), url(domain)
    page = await world.ask(PageRequest(place))
    if page.tls and page.tls.fault:
        yield UNTRUSTED.at(domain.name, where, url=place, why=page.tls.fault)
    if page.status != OK:
        yield NOT_SERVED.at(domain.name, where, url=place, status=page.status)
        return
    if not is_text(page.content_type):
        yield WRONG_TYPE.at(
            domain.name, where, url=place, found=page.content_type or "no Content-Type"
        )
    try:
        served = StsPolicy.parse(page.body)
    except FormatError as why:
        yield UNREADABLE.at(domain.name, where, url=place, why=why)
        return
    wanted = policy_for(view, domain)
    if served != wanted:
        yield DIFFERS.at(domain.name, where, got=_short(served), want=_short(wanted))


async def every_mx_is_allowed(
    _view: View[MtaStsOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Hold the MX hosts that are published against the policy that is served."""
    found = await discover(domain.name, world)
    if found.policy is None:
        raise Inconclusive(found.why)
    if found.policy.mode != "enforce":
        return
    for value in (await world.ask(DnsQuery(absolute(domain.name), "MX"))).values:
        host = value.rpartition(" ")[2].rstrip(".")
        if not match(host, found.policy):
            allowed = ", ".join(found.policy.mx)
            where = ("domains", domain.name, "mta_sts")
            yield MX_NOT_ALLOWED.at(domain.name, where, host=host, allowed=allowed)


def _short(policy: StsPolicy) -> str:
    return f"{policy.mode}, {' '.join(policy.mx)}, {policy.max_age} s"


CHECKS = (
    Check(
        "mta_sts.served",
        "The policy served is the one rendered.",
        domains_with_policy,
        policy_is_served,
    ),
    Check(
        "mta_sts.mx",
        "The policy lets senders deliver to every MX.",
        domains_with_policy,
        every_mx_is_allowed,
    ),
)
