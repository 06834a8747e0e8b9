"""Zones: which records stand together under one apex."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from mailconf.formats.names import absolute, is_under, parent, relative
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


def _above(host: str) -> str:
    """Return the domain above a host's name, or the name itself where only a top-level domain is."""
    domain = relative(parent(absolute(host)))
    return domain if "." in domain else host


def zone_of(spec: Spec, name: str) -> str:
    """Return the zone that holds absolute `name`: a named one, a domain, or above a host's name."""
    hosts = [host.hostname for host in spec.hosts.values()]
    clients = [domain.client_host for domain in spec.domains.values() if domain.client_host]
    above = [_above(host) for host in (*hosts, *clients)]
    for candidates in (spec.dns.zones, spec.domains, above):
        holding = [absolute(c) for c in candidates if is_under(name, absolute(c))]
        if holding:
            return max(holding, key=len)
    return parent(name)
