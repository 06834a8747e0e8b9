"""DNS records as mailconf wants them published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mailconf.formats.names import upwards
from mailconf.formats.quoting import zone_strings
from mailconf.model.place import Path
from mailconf.model.record_kind import TEXT, TYPES, RecordKind, RecordKinds, RecordType, policy_of

DEFAULT_TTL = 3600


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """One resource record.

    `name` is absolute; `value` is the logical value: TXT unsplit and unquoted, other types in
    presentation form with absolute names; `ttl` is in seconds. `where` is the spec path that
    asked for it and takes no part in comparisons; nor does `kind`, which the engine gives it.
    """

    name: str
    type: RecordType
    value: str
    ttl: int = DEFAULT_TTL
    where: Path = field(default=(), compare=False)
    kind: RecordKind = field(default=None, compare=False, repr=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.kind is None:
            object.__setattr__(self, "kind", TYPES.get(self.type, TEXT))
        if not self.name.endswith("."):
            raise ValueError(f"record name must be absolute: {self.name!r}")

    def __str__(self) -> str:
        return f"{self.name} {self.ttl} IN {self.type} {self.rdata}"

    @property
    def rdata(self) -> str:
        """The value as a master file writes it (RFC 1035 §5.1)."""
        return zone_strings(self.value) if self.type == "TXT" else self.value

    @property
    def meaning(self) -> Hashable:
        """The value such that two spellings of the same thing are equal."""
        return self.kind.meaning(self.value)


@dataclass(frozen=True, slots=True)
class RecordSet:
    """All records that the spec wants of one type at one name."""

    name: str
    type: str
    records: tuple[Record, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.type}"

    def meaning(self, value: str) -> Hashable:
        """Return what a published value means, read as one of this set."""
        kind = self.policy_of(value) if self.type == "TXT" else self.records[0].kind
        return kind.meaning(value) if kind else value

    def policy_of(self, value: str) -> RecordKind | None:
        """Return which of the policies in this set a published TXT value holds."""
        return policy_of(dict.fromkeys(record.kind for record in self.records), self.name, value)


def with_kinds(records: Iterable[Record], kinds: RecordKinds) -> Iterator[Record]:
    """Give each record its kind."""
    for record in records:
        kind = kinds.of(record.name, record.type, record.value)
        yield record if kind is record.kind else replace(record, kind=kind)


class Records(tuple[Record, ...]):
    """Records in order; by name and type each set is found in one step."""

    def at(self, name: str, rtype: str) -> tuple[Record, ...]:
        """Return the records of a type at an absolute name."""
        return self.sets.get((name, rtype), ())

    def below(self, apex: str) -> tuple[Record, ...]:
        """Return the records at an absolute name and below it."""
        return tuple(self._below.get(apex, ()))

    def values(self, rtype: str) -> frozenset[str]:
        """Return the values of all records of a type."""
        return self._values.get(rtype, frozenset())

    @cached_property
    def sets(self) -> Mapping[tuple[str, str], tuple[Record, ...]]:
        """The records that share name and type, together, in the order of the first of each."""
        found: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in self:
            found[record.name, record.type].append(record)
        return {key: tuple(records) for key, records in found.items()}

    @cached_property
    def _below(self) -> Mapping[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for record in self:
            for name in upwards(record.name):
                found[name].append(record)
        return found

    @cached_property
    def _values(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for record in self:
            found[record.type].add(record.value)
        return {rtype: frozenset(values) for rtype, values in found.items()}


NO_RECORDS = Records()
