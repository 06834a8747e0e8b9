"""A set of records against what DNS holds, by meaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from mailconf.model.questions.dns import Answer
from mailconf.model.record import Record, RecordSet


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is missing, and which published values compete with ours."""

    missing: tuple[Record, ...]
    rivals: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Tell whether everything that we want is there, and nothing against it."""
        return not (self.missing or self.rivals)


def record_sets(records: Iterable[Record]) -> tuple[RecordSet, ...]:
    """Return the records by name and type."""
    sets: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        sets[record.name, record.type].append(record)
    return tuple(RecordSet(name, rtype, tuple(found)) for (name, rtype), found in sets.items())


def is_spelled_alike(wanted: RecordSet, answer: Answer) -> bool:
    """Tell whether an answer has the very values that are wanted: most of what is live."""
    return {record.value for record in wanted.records} == set(answer.values)


def compare(wanted: RecordSet, answer: Answer) -> Comparison:
    """Compare what a set and an answer mean, not how it is spelled."""
    if is_spelled_alike(wanted, answer):
        return Comparison((), ())
    published = {wanted.meaning(value): value for value in answer.values}
    declared = {record.meaning: record for record in wanted.records}
    missing = tuple(record for meant, record in declared.items() if meant not in published)
    foreign = [value for meant, value in published.items() if meant not in declared]
    return Comparison(missing, tuple(sorted(_rivals(wanted, foreign))))


def _rivals(wanted: RecordSet, foreign: list[str]) -> list[str]:
    """Return published values that compete with ours: not every foreign TXT does."""
    if wanted.type != "TXT":
        return foreign
    # A key or policy name holds nothing else (RFC 6376 §3.6.2.2); the apex may hold anything.
    return [value for value in foreign if wanted.policy_of(value)]


def without(previous: Iterable[Record], records: Iterable[Record]) -> tuple[RecordSet, ...]:
    """Return the sets of an earlier build of which nothing is wanted any more."""
    wanted = {(record.name, record.type) for record in records}
    return tuple(s for s in record_sets(previous) if (s.name, s.type) not in wanted)


def leftovers(gone: RecordSet, answer: Answer) -> tuple[str, ...]:
    """Return the values of a set that is not wanted any more which are still published.

    Others at the same name are not ours: they stay.
    """
    ours: set[Hashable] = {record.meaning for record in gone.records}
    return tuple(v for v in answer.values if gone.meaning(v) in ours)
