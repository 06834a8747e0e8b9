"""One script per zone: sets that are ours alone are replaced, to shared ones ours is added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.model.zone import Zone, zones
from mailconf.plugins.nsupdate.options import NsupdateOptions


@dataclass(frozen=True, slots=True)
class Change:
    """A set of records; a `shared` one may hold other people's values, which stay."""

    records: tuple[Record, ...]
    shared: bool

    @property
    def replaces(self) -> tuple[str, ...]:
        """The types that must be gone first: a server drops what would stand beside an alias."""
        kind = self.records[0].type
        return ("ANY",) if kind == "CNAME" else (kind, "CNAME")


def scripts(view: View[NsupdateOptions]) -> Iterator[Render]:
    """Order a script for every zone."""
    for zone in zones(view.spec, view.records) if view.options.enabled else ():
        path = PurePosixPath("dns", "nsupdate", zone.name)
        yield Render(SITE, path, "script.j2", {"zone": zone, "changes": changes(zone)})


def changes(zone: Zone) -> tuple[Change, ...]:
    """Return the sets of a zone; any text may stand beside SPF, and nothing beside other policies."""
    return tuple(Change(group, _is_shared(group)) for group in zone.sets)


def _is_shared(group: tuple[Record, ...]) -> bool:
    return group[0].type == "TXT" and group[0].kind.name in ("spf", "txt")
