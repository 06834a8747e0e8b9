"""One include file per zone: our records, not the SOA and NS, which belong to the DNS operator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.formats.names import absolute, is_under, parent, relative
from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.zonefile.options import ZonefileOptions


@dataclass(frozen=True, slots=True)
class Zone:
    """The records that belong under one apex."""

    apex: str
    records: tuple[Record, ...]


def zone_files(view: View[ZonefileOptions]) -> Iterator[Render]:
    """Order an include file for every zone that holds records of ours."""
    grouped: dict[str, list[Record]] = defaultdict(list)
    for record in view.records:
        if record.type != "PTR":  # reverse zones belong to the owner of the addresses
            grouped[zone_of(view, record.name)].append(record)
    for apex, records in sorted(grouped.items()):
        path = PurePosixPath("dns", f"{relative(apex)}.zone")
        yield Render(SITE, path, "zone.j2", Zone(apex, tuple(records)))


def zone_of(view: View[ZonefileOptions], name: str) -> str:
    """Return the longest mail domain that holds `name`, else the parent of a host's name."""
    domains = [absolute(domain) for domain in view.spec.domains if is_under(name, absolute(domain))]
    return max(domains, key=len, default=parent(name))
