"""All branches of an SPF record at once: what any client could make a receiver ask (RFC 7208 §4.6.4).

An evaluation stops at the first match, so a record may pass for one client and be over its limit
for another; here nothing matches.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Literal

from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute
from mailconf.formats.spf import SpfRecord, is_record
from mailconf.mailauth.evaluation import MOST_MX, MOST_TERMS, MOST_VOID
from mailconf.model.addresses import has_address
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World

Problem = Literal[
    "", "no-record", "several-records", "syntax", "loop", "too-deep", "void", "many-mx"
]
ASKING = ("a", "mx", "ptr", "exists")
# A tree this deep is over the limit long before.
DEEPEST = 2 * MOST_TERMS
MOST_BRANCHES = 200
"""Terms that are followed: twenty times what a receiver bears, and records may include others twice."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A term that asks DNS, and for include and redirect the record it leads to.

    `domain` is what it asks about, with its macros where it has some. `why` says what a `problem`
    is.
    """

    term: str
    domain: str
    problem: Problem = ""
    why: str = ""
    record: SpfRecord | None = None
    branches: tuple[Branch, ...] = ()

    @property
    def lookups(self) -> int:
        """How many terms ask DNS from here on, this one included."""
        return bool(self.term) + sum(branch.lookups for branch in self.branches)

    @property
    def is_over_limit(self) -> bool:
        """Tell whether some client meets too many terms, or too many names that are not there."""
        voids = sum(branch.problem == "void" for branch in self.walk())
        return self.lookups > MOST_TERMS or voids > MOST_VOID

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and all below, as a receiver would come to them."""
        yield self
        for branch in self.branches:
            yield from branch.walk()

    def __str__(self) -> str:
        return "\n".join(self._lines(0))

    def _lines(self, depth: int) -> Iterator[str]:
        cost = f" ({self.lookups})" if self.branches or not self.term else ""
        trouble = f": {self.why}" if self.why else ""
        yield f"{'  ' * depth}{self.term or self.domain}{cost}{trouble}"
        for branch in self.branches:
            yield from branch._lines(depth + 1)


async def analyse(domain: str, world: World) -> Branch:
    """Return the tree of a domain's record; raises Inconclusive when DNS does not answer."""
    return await _record("", domain.rstrip(".").lower(), (), Walk(world))


@dataclass(slots=True)
class Walk:
    """How much of a tree is still looked at: records that include others twice grow with each level."""

    world: World
    left: int = MOST_BRANCHES

    def goes_on(self) -> bool:
        """Count a term; tell whether it is to be followed."""
        self.left -= 1
        return self.left >= 0


async def _record(term: str, domain: str, above: tuple[str, ...], walk: Walk) -> Branch:
    if "%" in domain:
        return Branch(term, domain)
    if domain in above:
        return Branch(term, domain, "loop", f"{domain} includes itself")
    if len(above) >= DEEPEST:
        return Branch(term, domain, "too-deep", "records are nested too deeply")
    texts = [
        t for t in (await walk.world.ask(DnsQuery(absolute(domain), "TXT"))).values if is_record(t)
    ]
    if len(texts) != 1:
        problem: Problem = "several-records" if texts else "no-record"
        told = f"{domain} has {len(texts) or 'no'} SPF record{'s' if texts else ''}"
        return Branch(term, domain, problem, told)
    record, faults = SpfRecord.parse_leniently(texts[0])
    branches = [b async for b in _branches(record, domain, (*above, domain), walk)]
    fault: FormatError | None = next(iter(faults), None)
    trouble: Problem = "syntax" if fault else ""
    return Branch(term, domain, trouble, str(fault or ""), record, tuple(branches))


async def _branches(
    record: SpfRecord, domain: str, above: tuple[str, ...], walk: Walk
) -> AsyncIterator[Branch]:
    for mechanism in record.mechanisms:
        if mechanism.name == "all":
            return
        name = (mechanism.value or domain).rstrip(".")
        if mechanism.name in ("include", *ASKING) and not walk.goes_on():
            return
        if mechanism.name == "include":
            yield await _record(str(mechanism), name, above, walk)
        elif mechanism.name in ASKING:
            yield await _asking(str(mechanism), mechanism.name, name, walk.world)
    target = record.modifier("redirect")
    if target and walk.goes_on():
        yield await _record(f"redirect={target}", target.rstrip("."), above, walk)


async def _asking(term: str, kind: str, name: str, world: World) -> Branch:
    """Ask what a term asks, where no client is needed to know the name."""
    if "%" in name or kind in ("ptr", "exists"):
        return Branch(term, name)
    if kind == "mx":
        hosts = (await world.ask(DnsQuery(absolute(name), "MX"))).values
        if len(hosts) > MOST_MX:
            return Branch(
                term, name, "many-mx", f"{name} has {len(hosts)} MX hosts; the limit is {MOST_MX}"
            )
        return Branch(term, name) if hosts else Branch(term, name, "void", f"{name} has no MX")
    if await has_address(absolute(name), world):
        return Branch(term, name)
    return Branch(term, name, "void", f"{name} has no address")
