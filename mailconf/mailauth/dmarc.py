"""DMARC as a receiver applies it: policy discovery, alignment, evaluation (RFC 9989)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mailconf.formats.dmarc import DmarcRecord, Policy, readable
from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute
from mailconf.mailauth.treewalk import (
    Found,
    TreeWalk,
    canonical,
    records_at,
    walk,
    walk_as_far_as_known,
)
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import Inconclusive, World

Verdict = Literal["pass", "fail", "none", "temperror", "permerror"]
Method = Literal["spf", "dkim"]
WEAKER: dict[Policy, Policy] = {"reject": "quarantine", "quarantine": "none", "none": "none"}


@dataclass(frozen=True, slots=True)
class Discovery:
    """Which policy applies to an author domain.

    `policy` is what p, sp or np asks for, `effective_policy` what is left of that in test mode
    (t=y); both are None without a record, or with one that asks for nothing (§4.10.1).
    `queried` are the names of the tree walk in the order asked.
    """

    author_domain: str
    organizational_domain: str
    policy_domain: str | None = None
    record: DmarcRecord | None = None
    policy: Policy | None = None
    effective_policy: Policy | None = None
    queried: tuple[str, ...] = ()
    faults: tuple[FormatError, ...] = ()


@dataclass(frozen=True, slots=True)
class Identifier:
    """A domain that SPF or DKIM has authenticated, and whether it aligns with the author's."""

    method: Method
    domain: str
    is_aligned: bool
    why: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict on a message; `disposition` is what a receiver is asked to do with it."""

    result: Verdict
    discovery: Discovery | None = None
    identifiers: tuple[Identifier, ...] = ()
    disposition: Policy = "none"
    why: str = ""


async def discover(author_domain: str, world: World) -> Discovery:
    """Find the policy of an author domain, and its organizational domain (§4.10).

    `author_domain` is the domain of RFC5322.From. Raises Inconclusive when DNS does not answer.
    """
    seen = await walk(author_domain, world)
    found = _policy_record(seen)
    policy = await _policy(found, seen.start, world) if found else None
    return _discovery(seen, found, policy)


def _discovery(seen: TreeWalk, found: Found | None, policy: Policy | None = None) -> Discovery:
    if found is None:
        return Discovery(seen.start, seen.organizational_domain, queried=seen.queried)
    return Discovery(
        seen.start,
        seen.organizational_domain,
        policy_domain=found.domain,
        record=found.record,
        policy=policy,
        effective_policy=_in_force(found.record, policy),
        queried=seen.queried,
        faults=found.faults,
    )


def _policy_record(seen: TreeWalk) -> Found | None:
    """Return the record to apply: the author's own, else the organization's, else the suffix's."""
    places = (seen.start, seen.organizational_domain, seen.suffix)
    return next((found for place in places if (found := seen.at(place))), None)


async def _policy(found: Found, author: str, world: World) -> Policy | None:
    """Return what p, sp or np asks for (§4.7, §4.10.1)."""
    record = found.record
    if record is None:
        return None
    if found.domain == author:
        return record.p
    if record.np and not await _exists(author, world):
        return record.np
    return record.sp or record.p


async def _exists(name: str, world: World) -> bool:
    """Tell whether a name exists at all: the answer is no only for NXDOMAIN (§3.2, RFC 8020)."""
    return (await world.ask(DnsQuery(absolute(name), "A"))).exists


def _in_force(record: DmarcRecord | None, policy: Policy | None) -> Policy | None:
    """Return one level less in test mode (§4.7 t)."""
    return WEAKER[policy] if policy and record and record.t == "y" else policy


async def evaluate(
    author_domain: str,
    world: World,
    spf: Iterable[str] = (),
    dkim: Iterable[str] = (),
) -> Evaluation:
    """Judge a message by the domains that passed: of SPF's MAIL FROM, and of DKIM's d= (§4.4, §5).

    One identifier that aligns is a pass, whatever DNS does not say about the others (§5.3).
    """
    seen = await walk_as_far_as_known(author_domain, world)
    found = _policy_record(seen)
    if seen.silence and not seen.at(seen.start):
        return Evaluation("temperror", why=seen.silence)
    if found is None or found.record is None:
        return Evaluation("none", _discovery(seen, found), why="no policy is published")
    named: list[tuple[Method, str]] = [("spf", name) for name in spf]
    named += [("dkim", name) for name in dkim]
    identifiers, silences = [], []
    for method, name in named:
        try:
            identifiers.append(await _identifier(method, name, seen, found.record, world))
        except Inconclusive as silence:
            silences.append(str(silence))
    return await _judged(seen, found, tuple(identifiers), silences, world)


async def _judged(
    seen: TreeWalk,
    found: Found,
    identifiers: tuple[Identifier, ...],
    silences: list[str],
    world: World,
) -> Evaluation:
    """Conclude from what is known of the identifiers."""
    passed = any(identifier.is_aligned for identifier in identifiers)
    if silences and not passed:
        return Evaluation("temperror", _discovery(seen, found), identifiers, why=silences[0])
    try:
        discovery = _discovery(seen, found, await _policy(found, seen.start, world))
    except Inconclusive as silence:
        discovery = _discovery(seen, found)
        if not passed:
            return Evaluation("temperror", discovery, identifiers, why=str(silence))
    if passed:
        return Evaluation("pass", discovery, identifiers)
    why = "; ".join(i.why for i in identifiers) or "neither SPF nor DKIM passed"
    return Evaluation("fail", discovery, identifiers, discovery.effective_policy or "none", why)


async def _identifier(
    method: Method, domain: str, seen: TreeWalk, record: DmarcRecord, world: World
) -> Identifier:
    """Compare an authenticated domain with the author's, strictly or by organization (§4.4)."""
    name = canonical(domain)
    if name == seen.start:
        return Identifier(method, name, True, f"{method}: {name} is the author's domain")
    if (record.aspf if method == "spf" else record.adkim) == "s":
        return Identifier(method, name, False, f"{method}: {name} is not {seen.start}")
    if seen.silence:
        raise Inconclusive(seen.silence)
    organization = (await walk(name, world)).organizational_domain
    same = organization == seen.organizational_domain
    told = f"{method}: {name} belongs to {organization}"
    return Identifier(
        method, name, same, told if same else f"{told}, not to {seen.organizational_domain}"
    )


async def may_report_to(
    policy_domain: str, address_domain: str, world: World, host: str = ""
) -> bool:
    """Tell whether a domain may have its reports sent to another one (RFC 9990 §4).

    Inside one organization it may; elsewhere the other domain says so in DNS. Addresses that it
    gives there instead must be at the same `host` as the one asked about, by default the domain.
    """
    ours, theirs = await walk(policy_domain, world), await walk(address_domain, world)
    if ours.organizational_domain == theirs.organizational_domain:
        return True
    host = canonical(host or address_domain)
    texts = await records_at(f"{ours.start}._report._dmarc.{theirs.start}", world)
    return any(_agrees(text, host) for text in texts)


def _agrees(text: str, host: str) -> bool:
    """Read an authorisation: it may be a record without a policy, but not a broken one."""
    tags, faults = readable(text)
    hosts = [_host(uri) for uri in tags.get("rua", "").split(",") if "rua" in tags]
    return not faults and all(other == host for other in hosts)


def _host(uri: str) -> str:
    rest = uri.strip().partition(":")[2].removeprefix("//")
    return canonical(rest.rpartition("@")[2].partition("/")[0].partition("!")[0])
