"""Policies that senders remember while the world changes (RFC 8461 §8)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats import FormatError
from mailconf.formats.mta_sts import StsPolicy
from mailconf.formats.names import absolute
from mailconf.mailauth.mta_sts import discover, discover_record, match
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.questions.pages import PageRequest
from mailconf.model.world import World
from mailconf.plugins.mta_sts.checks import OK, domains_with_policy
from mailconf.plugins.mta_sts.options import MtaStsOptions
from mailconf.plugins.mta_sts.policy import policy_for, record_for, url

MX_LEFT_OUT = Rule(
    code="DNG005",
    name="mta-sts-excludes-mx",
    severity=Severity.ERROR,
    found_by="plan",
    message="{host} receives mail for {domain} today, but the enforced policy would not allow it",
    fix="publish the new MX records first, wait until caches have them, then serve this policy and change the id",
    ref="RFC 8461 §8.3",
)
TOO_EARLY = Rule(
    code="DNG010",
    name="mta-sts-id-before-policy",
    severity=Severity.ERROR,
    found_by="plan",
    message="the MTA-STS id of {domain} would change before {url} serves the new policy; senders would keep the old policy",
    fix="deploy the web server's files first, then publish the record",
    ref="RFC 8461 §8.1",
)
VANISHES = Rule(
    code="DNG011",
    name="mta-sts-policy-removed",
    severity=Severity.ERROR,
    found_by="plan",
    message="the policy of {domain} would be removed, but senders cache it in mode {mode} for up to {seconds} s",
    fix="serve mode: none with a new id, wait until max_age has passed, then remove the policy",
    ref="RFC 8461 §8.3",
)
MX_TOO_EARLY = Rule(
    code="DNG012",
    name="mx-not-in-cached-policy",
    severity=Severity.ERROR,
    found_by="plan",
    message="{host} would become an MX of {domain}, but the MTA-STS policy cached by senders does not allow it",
    fix="serve the new policy and change its id first; publish the MX record after senders have fetched the policy",
    ref="RFC 8461 §8.3",
)


async def policy_and_mx_agree(
    view: View[MtaStsOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Hold today's MX hosts against the new policy, and today's policy against the new hosts."""
    where = ("domains", domain.name, "mta_sts")
    wanted, name = policy_for(view, domain), absolute(domain.name)
    if wanted.mode == "enforce":
        for value in (await world.ask(DnsQuery(name, "MX"))).values:
            host = value.split()[-1].rstrip(".")
            if host and not match(host, wanted):
                yield MX_LEFT_OUT.at(domain.name, where, domain=domain.name, host=host)
    today = (await discover(domain.name, world)).policy
    if today and today.mode == "enforce":
        for host in wanted.mx:
            if not match(host, today):
                yield MX_TOO_EARLY.at(domain.name, where, domain=domain.name, host=host)


async def policy_comes_before_id(
    view: View[MtaStsOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """See that the new policy is served before the record says that there is one."""
    today = (await discover_record(domain.name, world)).record
    if today is None or today == record_for(view, domain):
        return
    page = await world.ask(PageRequest(url(domain)))
    if page.status != OK or _policy(page.body) != policy_for(view, domain):
        where = ("domains", domain.name, "mta_sts")
        yield TOO_EARLY.at(domain.name, where, domain=domain.name, url=url(domain))


def _policy(text: str) -> StsPolicy | None:
    try:
        return StsPolicy.parse(text)
    except FormatError:
        return None


def domains_without_policy(view: View[MtaStsOptions]) -> Iterator[Domain]:
    """Yield the domains that have no policy of ours, or none any more."""
    with_policy = {domain.name for domain in domains_with_policy(view)}
    return (d for name, d in view.spec.domains.items() if name not in with_policy)


async def policy_is_taken_back_first(
    view: View[MtaStsOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """See that no policy is left to be remembered where an earlier build had one."""
    name = absolute(f"_mta-sts.{domain.name}")
    if not view.previous.below(name):
        return
    today = (await discover(domain.name, world)).policy
    if today and today.mode != "none":
        facts = {"domain": domain.name, "mode": today.mode, "seconds": today.max_age}
        yield VANISHES.at(domain.name, ("domains", domain.name), **facts)


DANGERS = (
    Check(
        "mta_sts.mx-change",
        "Policy and MX records change in the right order.",
        domains_with_policy,
        policy_and_mx_agree,
    ),
    Check(
        "mta_sts.id",
        "The policy changes before its id.",
        domains_with_policy,
        policy_comes_before_id,
    ),
    Check(
        "mta_sts.removal",
        "The policy changes to none before it is removed.",
        domains_without_policy,
        policy_is_taken_back_first,
    ),
)
