"""One Markdown table per zone, with the fields that panels ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.model.zone import Zone, zones
from mailconf.plugins.panel.options import PanelOptions


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `priority` is empty for types without one."""

    name: str
    type: str
    ttl: int
    priority: str
    value: str


def tables(view: View[PanelOptions]) -> Iterator[Render]:
    """Order a table for every zone."""
    for zone in zones(view.spec, view.records) if view.options.enabled else ():
        rows = [row(zone, record) for record in zone.records]
        path = PurePosixPath("dns", "panel", f"{zone.name}.md")
        yield Render(SITE, path, "zone.md.j2", {"zone": zone, "rows": rows})


def row(zone: Zone, record: Record) -> Row:
    """Return a record as panels ask for it: the priority of MX and SRV in a field of its own."""
    priority, value = "", record.value
    if record.type in ("MX", "SRV"):
        priority, _, value = record.value.partition(" ")
    if value.endswith(".") and value not in (".", "0 0 ."):
        value = value.removesuffix(".")
    return Row(zone.label_of(record), record.type, record.ttl, priority, value)
