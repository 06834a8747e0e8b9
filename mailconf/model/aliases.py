"""Aliases as a graph: what leads where, and what leads back to itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mailconf.formats.address import without_extension
from mailconf.model.domain import Domain

SHOWN = 20
"""The largest circle of which each alias is given its own way round: a search for each."""

MOST = 1_000_000
"""The largest number of recipients that is counted."""


def plain(address: str) -> str:
    """Return an address as tables are asked for it: in lower case, without its extension."""
    local, _, name = address.lower().rpartition("@")
    return f"{without_extension(local)}@{name}"


@dataclass(frozen=True)
class AliasGraph:
    """The targets of every alias, as full addresses, by the alias's own address."""

    targets: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, domains: Iterable[Domain]) -> AliasGraph:
        """Return the graph of all aliases of some domains."""
        return cls(
            {
                domain.address(alias): tuple(map(domain.address, targets))
                for domain in domains
                for alias, targets in domain.aliases.items()
            }
        )

    def looked_up(self, address: str) -> str:
        """Return the address whose row Postfix finds: a fixed extension is looked up first."""
        low = address.lower()
        return low if low in self.targets else plain(low)

    def circle(self, alias: str) -> tuple[str, ...]:
        """Return a chain from an alias back to itself, shortened where it may be long; or nothing."""
        if alias not in self._circles:
            return ()
        if self._sizes[self._circles[alias]] <= SHOWN:
            return (alias, *self._way_back(alias, alias, {alias}))
        inside = [t for t in self.targets[alias] if self._are_together(alias, self.looked_up(t))]
        return (alias, inside[0], *(("…", alias) if self.looked_up(inside[0]) != alias else ()))

    def _way_back(self, start: str, here: str, seen: set[str]) -> tuple[str, ...]:
        for target in self.targets[here]:
            name = self.looked_up(target)
            if name == start:
                return (target,)
            if name not in seen and self._are_together(start, name):
                seen.add(name)
                rest = self._way_back(start, name, seen)
                if rest:
                    return (target, *rest)
        return ()

    def _are_together(self, one: str, other: str) -> bool:
        return self._circles.get(one) == self._circles.get(other)

    def behind(self, own: Callable[[str], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Return what `own` says of each alias and of all that it leads to, each once, in order.

        Aliases of one circle lead to the same.
        """
        found: dict[str, tuple[str, ...]] = {}
        for part in self._parts:
            everything: dict[str, None] = {}
            for alias in part:
                everything |= dict.fromkeys(own(alias))
                for target in map(self.looked_up, self.targets[alias]):
                    inner = found[target] if target in found else own(target)
                    everything |= dict.fromkeys(inner)
            found |= dict.fromkeys(part, tuple(everything))
        return found

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many recipients each alias has, once all that it leads to is expanded.

        Who is in two lists is counted twice, as Postfix does while it expands (postconf(5),
        virtual_alias_expansion_limit). From MOST on it is not counted further: lists of lists double.
        """
        found: dict[str, int] = {}
        for part in self._parts:
            inner = (found.get(target, 1) for alias in part for target in self._plain[alias])
            found |= dict.fromkeys(part, min(sum(inner), MOST))
        return found

    def size(self, targets: Iterable[str], domain: Domain) -> int:
        """Return how many recipients some targets of a domain have."""
        return sum(self.sizes.get(plain(domain.address(target)), 1) for target in targets)

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """How many aliases lie one behind the other, from each on."""
        found: dict[str, int] = {}
        for part in self._parts:
            inner = (found.get(target, 0) for alias in part for target in self._plain[alias])
            found |= dict.fromkeys(part, len(part) + max(inner, default=0))
        return found

    @cached_property
    def sole(self) -> Mapping[str, str]:
        """The one address that an alias leads to in the end; those with several are not here."""
        found: dict[str, str] = {}
        for part in self._parts:
            targets = self._plain[part[0]]
            if len(part) == len(targets) == 1 and targets[0] != part[0]:
                target = targets[0]
                end = found.get(target, "") if target in self.targets else target
                found |= {part[0]: end} if end else {}
        return found

    @cached_property
    def _plain(self) -> Mapping[str, tuple[str, ...]]:
        return {
            alias: tuple(map(self.looked_up, targets)) for alias, targets in self.targets.items()
        }

    @cached_property
    def _parts(self) -> tuple[tuple[str, ...], ...]:
        return tuple(parts(self._plain))

    @cached_property
    def _circles(self) -> Mapping[str, int]:
        """The number of its circle for each alias that is in one."""
        return {
            alias: number
            for number, part in enumerate(self._parts)
            for alias in part
            if len(part) > 1 or alias in self._plain[alias]
        }

    @cached_property
    def _sizes(self) -> Mapping[int, int]:
        return Counter(self._circles.values())


def parts(edges: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the strongly connected parts of a graph, each after those that it leads to.

    Tarjan's algorithm, with a stack of its own: a chain may be longer than Python recurses.
    """
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: dict[str, None] = {}
    for root in edges:
        way = [] if root in number else [_enter(root, edges, number, lowest, open_)]
        while way:
            node, others = way[-1]
            for other in others:
                if other in edges and other not in number:
                    way.append(_enter(other, edges, number, lowest, open_))
                    break
                if other in open_:
                    lowest[node] = min(lowest[node], number[other])
            else:
                way.pop()
                if way:
                    lowest[way[-1][0]] = min(lowest[way[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    yield tuple(_closed(node, open_))


def _enter(
    node: str,
    edges: Mapping[str, tuple[str, ...]],
    number: dict[str, int],
    lowest: dict[str, int],
    open_: dict[str, None],
) -> tuple[str, Iterator[str]]:
    number[node] = lowest[node] = len(number)
    open_[node] = None
    return node, iter(edges[node])


def _closed(node: str, open_: dict[str, None]) -> Iterator[str]:
    """Take a part off the stack, which it is the top of; yield it in the order it was entered."""
    part: list[str] = []
    while not part or part[-1] != node:
        part.append(open_.popitem()[0])
    return reversed(part)
