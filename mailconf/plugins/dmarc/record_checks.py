"""Published DMARC records that receivers ignore, or read otherwise than meant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, timedelta

from mailconf.formats.dmarc import POLICIES, SIZE, DmarcRecord, is_record, readable
from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute
from mailconf.formats.public_suffix import organizational_domain
from mailconf.formats.spf import is_record as is_spf
from mailconf.mailauth.treewalk import walk
from mailconf.model.addresses import has_address
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.dmarc.options import DmarcOptions
from mailconf.plugins.dmarc.plan_checks import all_domains
from mailconf.plugins.dmarc.policy import report_domains
from mailconf.plugins.dmarc.record_rules import (
    ELSEWHERE,
    NO_MAIL,
    NO_POLICY,
    NO_RUF,
    NONE,
    OLD_NONE,
    OLD_TAGS,
    PARTLY,
    SEVERAL,
    SIZED,
    SUFFIX,
    TESTED,
    TWO_VIEWS,
    VALUE,
    VERSION,
)

Fault = tuple[Rule, dict[str, str]]
HISTORIC = ("pct", "rf", "ri")
EVERY = 100


async def record_is_sound(
    view: View[DmarcOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Read the record as receivers do, and look for what its owner cannot have meant."""
    where, name = ("domains", domain.name, "dmarc"), absolute(f"_dmarc.{domain.name}")
    texts = (await world.ask(DnsQuery(name, "TXT"))).values
    apex = (await world.ask(DnsQuery(absolute(domain.name), "TXT"))).values
    for rule, facts in (*_misplaced(domain.name, apex, texts), *_counted(domain.name, texts)):
        yield rule.at(domain.name, where, **facts)
    records = [text for text in texts if is_record(text)]
    if len(records) == 1:
        old = _observed(view.for_domain(domain), domain.name, records[0], world.now)
        for rule, facts in (*faults(domain.name, records[0]), *old):
            yield rule.at(domain.name, where, **facts)
        async for rule, facts in _of_others(domain.name, records[0], world):
            yield rule.at(domain.name, where, **facts)


def _misplaced(domain: str, apex: tuple[str, ...], texts: tuple[str, ...]) -> Iterator[Fault]:
    """Yield records that stand at the wrong name, and what only looks like one."""
    name = f"_dmarc.{domain}"
    for text in filter(is_record, apex):
        yield ELSEWHERE, {"name": domain, "text": text, "right": name}
    for text in texts:
        if is_spf(text):
            yield ELSEWHERE, {"name": name, "text": text, "right": domain}
        elif not is_record(text) and "dmarc1" in text.lower():
            yield VERSION, {"text": text}


def _counted(domain: str, texts: tuple[str, ...]) -> Iterator[Fault]:
    count = len([text for text in texts if is_record(text)])
    if not count:
        yield NONE, {"domain": domain}
    elif count > 1:
        yield SEVERAL, {"domain": domain, "count": str(count)}


def faults(domain: str, text: str) -> Iterator[Fault]:
    """Yield the rules that a record breaks, with their facts."""
    tags, _ = readable(text)
    about = {"domain": domain}
    for problem in _problems(text):
        yield VALUE, {"why": str(problem), **about}
    if "p" not in tags:
        yield NO_POLICY, about
    yield from _historic(tags)
    if tags.get("p", "").lower() == "quarantine" and tags.get("t", "").lower() == "y":
        yield TESTED, about
    if "fo" in tags and "ruf" not in tags:
        yield NO_RUF, about
    if tags.get("psd", "").lower() == "y":
        yield SUFFIX, about


def _observed(options: DmarcOptions, domain: str, text: str, now: datetime) -> Iterator[Fault]:
    """Yield a policy of none that nobody has changed for too long, as far as the spec tells."""
    span = (now - options.since) if options.since else timedelta()
    if (
        readable(text)[0].get("p", "").lower() == "none"
        and span.total_seconds() > options.observe_for
    ):
        yield OLD_NONE, {"domain": domain, "days": str(span.days)}


def _historic(tags: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what RFC 7489 had and nobody reads any more."""
    policy, pct = tags.get("p", "").lower(), tags.get("pct", str(EVERY))
    partly = pct.isdigit() and int(pct) < EVERY and policy in POLICIES[1:]
    if partly:
        yield PARTLY, {"pct": pct, "policy": policy}
    old = [tag for tag in HISTORIC if tag in tags and not (tag == "pct" and partly)]
    if old:
        yield OLD_TAGS, {"tags": ", ".join(old)}
    for uri in tags.get("rua", "").split(","):
        if SIZE.search(uri):
            yield SIZED, {"uri": uri.strip()}


def _problems(text: str) -> tuple[FormatError, ...]:
    _, problems = DmarcRecord.parse_leniently(text)
    missing = "p" not in readable(text)[0]
    return () if missing else problems


async def _of_others(domain: str, text: str, world: World) -> AsyncIterator[Fault]:
    """Yield what depends on other names: who takes reports, and where the organization ends."""
    record, _ = DmarcRecord.parse_leniently(text)
    for other in report_domains(record) if record else ():
        if not await _takes_mail(other, world):
            yield NO_MAIL, {"domain": domain, "other": other}
    new = (await walk(domain, world)).organizational_domain
    old = organizational_domain(domain)
    if new != old:
        yield TWO_VIEWS, {"domain": domain, "new": new, "old": old}


async def _takes_mail(domain: str, world: World) -> bool:
    """Tell whether a domain has MX hosts, or an address to fall back to (RFC 5321 §5.1)."""
    hosts = (await world.ask(DnsQuery(absolute(domain), "MX"))).values
    if hosts:
        return any(value.split()[-1] != "." for value in hosts)
    return await has_address(absolute(domain), world)


PUBLISHED = (
    Check(
        "dmarc.record",
        "Receivers read the DMARC record as the spec declares it.",
        all_domains,
        record_is_sound,
        former=("dmarc.published",),
    ),
)
