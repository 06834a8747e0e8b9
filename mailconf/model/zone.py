"""Zones: which records stand together under one apex."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass

from mailconf.formats.names import parent, relative, upwards
from mailconf.model.record import Record
from mailconf.model.spec import Spec

APEX = "@"


@dataclass(frozen=True, slots=True)
class Zone:
    """The records that belong under one absolute apex, in order."""

    apex: str
    records: tuple[Record, ...]

    @property
    def name(self) -> str:
        """The apex as people and file names have it: without the final dot."""
        return relative(self.apex)

    def label_of(self, record: Record) -> str:
        """Return a record's name as control panels want it: relative to the apex, or @."""
        return APEX if record.name == self.apex else record.name.removesuffix(f".{self.apex}")

    @property
    def sets(self) -> tuple[tuple[Record, ...], ...]:
        """The records that share name and type, together."""
        grouped: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in self.records:
            grouped[record.name, record.type].append(record)
        return tuple(tuple(group) for group in grouped.values())


def zones(spec: Spec, records: Iterable[Record]) -> tuple[Zone, ...]:
    """Return every zone that holds records of ours; reverse zones only when the spec names them."""
    grouped: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        apex = zone_of(spec, record.name)
        if record.type != "PTR" or relative(apex) in spec.dns.zones:
            grouped[apex].append(record)
    return tuple(Zone(apex, tuple(found)) for apex, found in sorted(grouped.items()))


def zone_of(spec: Spec, name: str) -> str:
    """Return the zone that holds absolute `name`: a named one, a domain, or above a host's name."""
    for apexes in spec.apexes:
        apex = nearest(name, apexes)
        if apex:
            return apex
    return parent(name)


def nearest(name: str, apexes: Container[str]) -> str:
    """Return the longest of some absolute names that `name` is or is below; empty when none is."""
    return next((above for above in upwards(name) if above in apexes), "")
