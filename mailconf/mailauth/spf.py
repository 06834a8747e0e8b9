"""check_host(): may this address send for that domain? (RFC 7208)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address

from mailconf.formats.error import FormatError
from mailconf.mailauth.evaluation import (
    Address,
    Budget,
    Evaluation,
    Match,
    PermError,
    Step,
    TempError,
    Verdict,
    is_domain,
    is_name,
)
from mailconf.mailauth.macros import Facts, expand, expand_name
from mailconf.model.world import World


@dataclass(frozen=True, slots=True)
class SpfResult:
    """The verdict; `term` is what matched, in the record of `domain`.

    `why` says what is wrong for temperror and permerror. `explanation` is what the domain wants
    a rejected sender to be told, empty when it says nothing (§6.2). `lookups` and `void` count
    what §4.6.4 limits.
    """

    result: Verdict
    why: str = ""
    term: str = ""
    domain: str = ""
    explanation: str = ""
    lookups: int = 0
    void: int = 0
    trace: tuple[Step, ...] = ()


LONGEST = 256
"""Octets of a path (RFC 5321 §4.5.3.1.3): no server takes more of a sender or of a HELO name."""


async def check_host(
    ip: str, mail_from: str, helo: str, world: World, receiver: str = "unknown"
) -> SpfResult:
    """Judge a client by its address and the envelope sender, or HELO name when that is empty (§2.4).

    `ip` is the client's address; a mapped IPv4 address counts as IPv4 (§5). `receiver` is the name
    of the host that judges, for explanations. Raises ValueError when `ip` is no address.
    """
    client = _unmapped(ip_address(ip))
    local, at, domain = mail_from.rpartition("@")
    local, domain = (local or "postmaster", domain) if at or domain else ("postmaster", helo)
    domain = domain.removesuffix(".")
    local, helo = local[:LONGEST], helo[:LONGEST]
    if not is_domain(domain):
        return SpfResult("none", f"{domain!r} is no domain name")
    budget = Budget()
    facts = Facts(
        client, local, domain, domain, helo, receiver, int(world.now.timestamp()), _unknown
    )
    run = Evaluation(facts, world, budget)
    facts = replace(facts, validated=lambda: _validated(run, domain))
    run = replace(run, facts=facts)
    try:
        match = await run.of(domain)
    except PermError as why:
        return _result(budget, Match("permerror", "", domain), why=str(why))
    except TempError as why:
        return _result(budget, Match("temperror", "", domain), why=str(why))
    explanation = await _explanation(run, match) if match.result == "fail" else ""
    return _result(budget, match, explanation=explanation)


def _result(budget: Budget, match: Match, why: str = "", explanation: str = "") -> SpfResult:
    return SpfResult(
        match.result, why, match.term, match.domain, explanation,
        budget.lookups, budget.void, tuple(budget.trace),
    )  # fmt: skip


async def _unknown() -> str:
    return "unknown"


async def _validated(run: Evaluation, domain: str) -> str:
    """Return the best validated name for macro p (§7.3): the domain, one below it, or any."""
    names = await run.validated_names()
    below = [name for name in names if name.endswith(f".{domain.lower()}")]
    exact = [name for name in names if name == domain.lower()]
    return next(iter((*exact, *below, *names)), "unknown")


async def _explanation(run: Evaluation, match: Match) -> str:
    """Return what a domain says to those it rejects; any fault in it leaves it out (§6.2)."""
    if not match.explain:
        return ""
    facts = replace(run.facts, domain=match.domain)
    try:
        name = await expand_name(match.explain, facts)
        found = (await run.ask(name, "TXT")).values if is_name(name) else ()
        text = found[0] if len(found) == 1 and found[0].isascii() else ""
        return await expand(text, facts)
    except (FormatError, TempError):
        return ""


def _unmapped(ip: Address) -> Address:
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return mapped or ip
