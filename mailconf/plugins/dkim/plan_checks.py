"""Signatures that nobody could verify."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats.dkim import DkimKey
from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.dkim.keys import KeyTextError, owner, public_key
from mailconf.plugins.dkim.options import DkimOptions

REMOVED = Rule(
    code="DNG004",
    name="dkim-key-removed",
    severity=Severity.ERROR,
    found_by="plan",
    message="the published DKIM key {name} would be removed; mail in transit could not be verified",
    fix="restore the selector, then retire it step by step: mailconf keys rotate SPEC",
    ref="RFC 6376 §3.6.2.1",
)
UNPUBLISHED = Rule(
    code="DNG009",
    name="dkim-active-key-unpublished",
    severity=Severity.ERROR,
    found_by="plan",
    message="{name} is not published, but the deployed configuration would sign with it immediately",
    fix="publish the records first; deploy after mailconf plan --wait has succeeded",
    ref="RFC 6376 §5.2",
)


# States in which no verifier finds the key.
GONE = ("created", "revoked", "removed")


def sending_domains(view: View[DkimOptions]) -> Iterator[Domain]:
    """Yield the domains in whose name we sign."""
    return (domain for domain in view.spec.domains.values() if domain.sends)


async def keys_outlive_their_mail(
    view: View[DkimOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Look for keys that are still published, and stand nowhere any more or were taken back by hand.

    `keys rotate` writes down when a state begins, and lets time pass before.
    """
    zone, where = absolute(f"_domainkey.{domain.name}"), ("domains", domain.name, "dkim")
    selectors = view.for_domain(domain).selectors
    told = {owner(domain, name) for name in selectors}
    kept = [record.name for record in view.previous.below(zone) if record.type == "TXT"]
    by_hand = [owner(domain, n) for n, s in selectors.items() if s.state in GONE and not s.since]
    for name in dict.fromkeys([*(name for name in kept if name not in told), *by_hand]):
        if any(_is_key(text) for text in (await world.ask(DnsQuery(name, "TXT"))).values):
            yield REMOVED.at(domain.name, where, name=name)


def _is_key(text: str) -> bool:
    key, _ = DkimKey.parse_leniently(text)
    return key is not None and not key.is_revoked


async def active_keys_are_published(
    view: View[DkimOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """See that a key which is to sign is there, where another one signs today."""
    selectors = view.for_domain(domain).selectors
    there = {name for name in selectors if await _is_there(view, domain, name, world)}
    for name, selector in selectors.items():
        if selector.state == "active" and name not in there and there:
            where = ("domains", domain.name, "dkim", "selectors", name)
            yield UNPUBLISHED.at(domain.name, where, name=owner(domain, name))


async def _is_there(view: View[DkimOptions], domain: Domain, name: str, world: World) -> bool:
    try:
        wanted = public_key(view.for_domain(domain).selectors[name])
    except KeyTextError:
        return False
    texts = (await world.ask(DnsQuery(owner(domain, name), "TXT"))).values
    return any(DkimKey.parse_leniently(text)[0] == wanted for text in texts)


DANGERS = (
    Check(
        "dkim.removed",
        "DKIM keys stay in DNS until the mail that they signed has arrived.",
        sending_domains,
        keys_outlive_their_mail,
    ),
    Check(
        "dkim.unpublished",
        "DKIM keys are in DNS before they sign.",
        sending_domains,
        active_keys_are_published,
    ),
)
