"""One YAML file per zone; names, types and fields are those of octoDNS 1.x."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.formats.quoting import json_string, octodns_text
from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.model.zone import APEX, Zone, zones
from mailconf.plugins.octodns.options import OctodnsOptions

FIELDS = {
    "CAA": ("flags", "tag", "value"),
    "MX": ("preference", "exchange"),
    "SRV": ("priority", "weight", "port", "target"),
    "TLSA": (
        "certificate_usage",
        "selector",
        "matching_type",
        "certificate_association_data",
    ),
}
"""How octoDNS names the words of a value; other types are one word."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the zone, relative to it, with the sets of records that it holds."""

    label: str
    sets: tuple[tuple[Record, ...], ...]


def zone_files(view: View[OctodnsOptions]) -> Iterator[Render]:
    """Order a file for every zone; octoDNS finds it by its name."""
    for zone in zones(view.spec, view.records) if view.options.enabled else ():
        path = PurePosixPath("dns", "octodns", f"{zone.name}.yaml")
        escape = octodns_text if view.options.escaped_semicolons else json_string
        data = {"names": names(zone), "fields_of": fields_of, "text": escape}
        yield Render(SITE, path, "zone.yaml.j2", data)


def names(zone: Zone) -> tuple[Name, ...]:
    """Return the names of a zone in octoDNS's order of keys; the apex is the empty one."""
    grouped: dict[str, list[tuple[Record, ...]]] = defaultdict(list)
    for group in zone.sets:
        label = zone.label_of(group[0])
        grouped["" if label == APEX else label].append(group)
    ordered = sorted(grouped.items(), key=lambda pair: _natural(pair[0]))
    return tuple(Name(label, tuple(sets)) for label, sets in ordered)


def _natural(label: str) -> list[tuple[int, str]]:
    """Sort numbers by what they are worth: octoDNS refuses keys in another order."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", label)]


def fields_of(record: Record) -> tuple[tuple[str, str], ...]:
    """Return a value's words with octoDNS's names for them, sorted; empty where it is one word."""
    keys = FIELDS.get(record.type, ())
    words = [word.strip('"') for word in record.value.split(None, len(keys) - 1)] if keys else ()
    return tuple(sorted(zip(keys, words, strict=True)))
