"""Evaluating SPF records, term by term (RFC 7208 §4.5 to §6)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Literal

from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute, relative
from mailconf.formats.spf import Mechanism, SpfRecord, is_record
from mailconf.mailauth.macros import Facts, expand_name
from mailconf.model.questions.dns import Answer, DnsQuery
from mailconf.model.world import Inconclusive, World

Verdict = Literal["none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"]
RESULTS: dict[str, Verdict] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
# §4.6.4
MOST_TERMS = 10
MOST_VOID = 2
MOST_MX = 10
MOST_PTR = 10
LONGEST_LABEL, LONGEST_NAME = 63, 253
IPV4, IPV6 = 4, 6
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: in whose record, at which term, and what came of it."""

    domain: str
    term: str
    told: str


class PermError(Exception):
    """The record cannot be evaluated, and never will be."""


class TempError(Exception):
    """DNS did not answer; another time it may."""


@dataclass(slots=True)
class Budget:
    """What one evaluation has used up, and what happened in it."""

    lookups: int = 0
    void: int = 0
    trace: list[Step] = field(default_factory=list)

    def spend(self, domain: str, term: str) -> None:
        """Count a term that asks DNS; raises PermError for one too many."""
        self.lookups += 1
        if self.lookups > MOST_TERMS:
            raise PermError(f"{term} in {domain} exceeds the limit of {MOST_TERMS} DNS lookups")

    def miss(self, name: str) -> None:
        """Count a question that found nothing; raises PermError for one too many."""
        self.void += 1
        if self.void > MOST_VOID:
            raise PermError(f"{name} exceeds the limit of {MOST_VOID} void lookups")


@dataclass(frozen=True, slots=True)
class Match:
    """The term that decided."""

    result: Verdict
    term: str
    domain: str
    explain: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What stays the same from the first record to the last."""

    facts: Facts
    world: World
    budget: Budget

    async def of(self, domain: str, exp: bool = True) -> Match:
        """Evaluate the record of a domain (§4.5, §4.6)."""
        record = await self._record(domain)
        if record is None:
            return Match("none", "", domain)
        for mechanism in record.mechanisms:
            matched = await MATCHERS[mechanism.name](self, mechanism, domain)
            self.budget.trace.append(
                Step(domain, str(mechanism), "match" if matched else "no match")
            )
            if matched:
                explain = record.modifier("exp") if exp else ""
                return Match(RESULTS[mechanism.qualifier], str(mechanism), domain, explain)
        target = record.modifier("redirect")
        if target:
            return await self._redirect(domain, target, exp)
        return Match("neutral", "", domain)

    async def _redirect(self, domain: str, target: str, exp: bool) -> Match:
        """§6.1: the other record counts as if it were ours, its explanation included."""
        term = f"redirect={target}"
        self.budget.spend(domain, term)
        name = await self.name(target, domain)
        self.budget.trace.append(Step(domain, term, name))
        match = await self.of(name, exp) if is_domain(name) else Match("none", "", name)
        if match.result == "none":
            raise PermError(f"{term} in {domain}: {name} has no SPF record")
        return match

    async def _record(self, domain: str) -> SpfRecord | None:
        """Return the one record of a domain; raises PermError when there are several (§4.5)."""
        answer = await self.ask(domain, "TXT")
        found = [text for text in answer.values if is_record(text)]
        if len(found) > 1:
            raise PermError(f"{domain} has {len(found)} SPF records")
        if not found:
            return None
        self.budget.trace.append(Step(domain, "", found[0]))
        try:
            return SpfRecord.parse(found[0])
        except FormatError as why:
            raise PermError(f"the record of {domain}: {why}") from None

    async def ask(self, name: str, rtype: str) -> Answer:
        """Ask DNS, whether a name ends in a dot or not; raises TempError on silence."""
        try:
            return await self.world.ask(DnsQuery(absolute(relative(name)), rtype))
        except Inconclusive as why:
            raise TempError(str(why)) from None

    async def ask_counted(self, name: str, rtype: str) -> Answer:
        """Ask what a term wants to know; a name that cannot exist is not asked for."""
        if not is_name(name):
            return Answer(exists=False)
        answer = await self.ask(name, rtype)
        if not answer.values:
            self.budget.miss(name)
        return answer

    async def addresses(self, name: str) -> list[Address]:
        """Return the addresses of a host, of the client's family; does not count."""
        if not is_name(name):
            return []
        answer = await self.ask(name, self.rtype)
        return [ip_address(value) for value in answer.values]

    async def name(self, spec: str, domain: str) -> str:
        """Expand a domain-spec in a domain's record; without one it is the domain itself."""
        return await expand_name(spec, replace(self.facts, domain=domain)) if spec else domain

    @property
    def rtype(self) -> str:
        """The record type that holds addresses like the client's."""
        return "A" if self.facts.ip.version == IPV4 else "AAAA"

    def covers(self, found: Address, mechanism: Mechanism) -> bool:
        """Compare as many leading bits as the mechanism says."""
        ip = self.facts.ip
        if found.version != ip.version:
            return False
        ignored = ip.max_prefixlen - mechanism.prefix(ip.version)
        return int(found) >> ignored == int(ip) >> ignored

    async def validated_names(self) -> list[str]:
        """Return the reverse names of the client that point back to it (§5.5)."""
        try:
            found = (await self.ask(self.facts.ip.reverse_pointer, "PTR")).values
        except TempError:
            return []
        names = []
        for name in found[:MOST_PTR]:
            try:
                if self.facts.ip in await self.addresses(name):
                    names.append(name.rstrip(".").lower())
            except TempError:
                continue
        return names


async def _all(_run: Evaluation, _mechanism: Mechanism, _domain: str) -> bool:
    return True


async def _include(run: Evaluation, mechanism: Mechanism, domain: str) -> bool:
    """§5.2: only the other record's pass is a match, and it must exist."""
    run.budget.spend(domain, str(mechanism))
    name = await run.name(mechanism.value, domain)
    match = await run.of(name, exp=False) if is_domain(name) else Match("none", "", name)
    if match.result == "none":
        raise PermError(f"{mechanism} in {domain}: {name} has no SPF record")
    return match.result == "pass"


async def _a(run: Evaluation, mechanism: Mechanism, domain: str) -> bool:
    """§5.3."""
    run.budget.spend(domain, str(mechanism))
    name = await run.name(mechanism.value, domain)
    answer = await run.ask_counted(name, run.rtype)
    return any(run.covers(ip_address(value), mechanism) for value in answer.values)


async def _mx(run: Evaluation, mechanism: Mechanism, domain: str) -> bool:
    """§5.4: the addresses of all hosts that receive mail, of ten at most."""
    run.budget.spend(domain, str(mechanism))
    name = await run.name(mechanism.value, domain)
    answer = await run.ask_counted(name, "MX")
    hosts = [relative(value.split()[-1]) for value in sorted(answer.values, key=_preference)]
    if len(hosts) > MOST_MX:
        raise PermError(
            f"{mechanism} in {domain}: {name} has {len(hosts)} MX hosts; the limit is {MOST_MX}"
        )
    for host in hosts:
        if any(run.covers(found, mechanism) for found in await run.addresses(host)):
            return True
    return False


def _preference(value: str) -> tuple[int, str]:
    number, _, host = value.partition(" ")
    return int(number), host


async def _ptr(run: Evaluation, mechanism: Mechanism, domain: str) -> bool:
    """§5.5: a reverse name below the target that points back."""
    run.budget.spend(domain, str(mechanism))
    target = (await run.name(mechanism.value, domain)).lower()
    names = await run.validated_names()
    return any(name == target or name.endswith(f".{target}") for name in names)


async def _ip(run: Evaluation, mechanism: Mechanism, _domain: str) -> bool:
    """§5.6."""
    return run.facts.ip in mechanism.network


async def _exists(run: Evaluation, mechanism: Mechanism, domain: str) -> bool:
    """§5.7: any IPv4 address, whatever family the client is of."""
    run.budget.spend(domain, str(mechanism))
    name = await run.name(mechanism.value, domain)
    return bool((await run.ask_counted(name, "A")).values)


Matcher = Callable[[Evaluation, Mechanism, str], Coroutine[Any, Any, bool]]
MATCHERS: dict[str, Matcher] = {
    "all": _all,
    "include": _include,
    "a": _a,
    "mx": _mx,
    "ptr": _ptr,
    "ip4": _ip,
    "ip6": _ip,
    "exists": _exists,
}


def is_name(name: str) -> bool:
    """Tell whether a name fits into a DNS question."""
    labels = name.removesuffix(".").split(".")
    return len(name) <= LONGEST_NAME and all(0 < len(x.encode()) <= LONGEST_LABEL for x in labels)


def is_domain(name: str) -> bool:
    """Tell whether a name is one that check_host can start from: of two labels at least (§4.3)."""
    return is_name(name) and "." in name.removesuffix(".") and not name.startswith("[")
