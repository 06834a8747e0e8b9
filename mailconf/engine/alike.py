"""Which lines two long texts share, in time that grows with their length: difflib's grows with the square.

Lines that stand once in each text are fixed first, as patience diff does; what lies between is looked
at in the same way, and by difflib where it is short.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise

LONG = 2_000
"""Lines of both texts from which on difflib is not asked about all of them."""
SHORT, DEEPEST = 100, 8
"""Lines of both texts that difflib compares, between two that are fixed; and how often that is looked for."""
Span = tuple[int, int, int, int]
"""From and to in the old lines, from and to in the new ones."""


def matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    """Return difflib's matcher of two texts, one that is quick where they are long."""
    kind = Quick if len(old) + len(new) > LONG else SequenceMatcher
    return kind(None, old, new)


class Quick(SequenceMatcher[str]):
    """Finds the blocks that two texts share by lines that stand once in each."""

    a: Sequence[str]
    b: Sequence[str]

    def get_matching_blocks(self) -> list[Match]:
        """Return the blocks in order, an empty one at the end."""
        blocks: list[Match] = []
        for old, new, size in self._runs((0, len(self.a), 0, len(self.b)), DEEPEST):
            last = blocks[-1] if blocks else Match(0, 0, 0)
            if size and (last.a + last.size, last.b + last.size) == (old, new) and blocks:
                blocks[-1] = Match(last.a, last.b, last.size + size)
            elif size:
                blocks.append(Match(old, new, size))
        return [*blocks, Match(len(self.a), len(self.b), 0)]

    def _runs(self, span: Span, left: int) -> Iterator[tuple[int, int, int]]:
        """Yield what is the same at both ends of a span, and what is between."""
        low, high, bottom, top = span
        begun = low
        while low < high and bottom < top and self.a[low] == self.b[bottom]:
            low, bottom = low + 1, bottom + 1
        yield begun, bottom - (low - begun), low - begun
        ended = high
        while low < high and bottom < top and self.a[high - 1] == self.b[top - 1]:
            high, top = high - 1, top - 1
        yield from self._between((low, high, bottom, top), left)
        yield high, top, ended - high

    def _between(self, span: Span, left: int) -> Iterator[tuple[int, int, int]]:
        low, high, bottom, top = span
        if high - low + top - bottom <= SHORT:
            inner = SequenceMatcher(None, self.a[low:high], self.b[bottom:top], autojunk=False)
            yield from ((low + m.a, bottom + m.b, m.size) for m in inner.get_matching_blocks())
            return
        fixed = self._fixed(span) if left else []
        ends = [(low - 1, bottom - 1), *fixed, (high, top)] if fixed else []
        for (old, new), (next_old, next_new) in pairwise(ends):
            yield from self._runs((old + 1, next_old, new + 1, next_new), left - 1)
            yield next_old, next_new, int((next_old, next_new) != (high, top))

    def _fixed(self, span: Span) -> list[tuple[int, int]]:
        """Return the longest run of lines that stand once in each side, in the same order."""
        low, high, bottom, top = span
        ours, theirs = Counter(self.a[low:high]), Counter(self.b[bottom:top])
        at = {self.b[n]: n for n in range(bottom, top) if theirs[self.b[n]] == 1}
        pairs = [
            (n, at[self.a[n]]) for n in range(low, high) if ours[self.a[n]] == 1 and self.a[n] in at
        ]
        return _longest_rising(pairs)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest selection of pairs whose second number rises as the first does."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        place = bisect_left(ends, value)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [value]
        last[place : place + 1] = [number]
    chosen, number = [], last[-1] if last else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]
