"""Which services a deployment reloads and which it restarts, from the manifests before and after."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """What is due for one service; `why` names the values that only a restart changes."""

    host: str
    service: str
    verb: str
    why: tuple[str, ...] = ()

    def __str__(self) -> str:
        reason = f" ({', '.join(self.why)} changed)" if self.why else ""
        return f"{self.service} on {self.host}: {self.verb}{reason}"


def due(before: str, after: str, changed: Collection[str]) -> tuple[Due, ...]:
    """Compare two manifests, as text; `changed` are the paths of files that differ.

    Nothing is due where there was no manifest: a first deployment starts every service. One that
    mailconf did not write counts as none; the tree's own checks report it.
    """
    try:
        return tuple(sorted(_due(json.loads(before), json.loads(after), set(changed))))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()


def _due(old: Body, new: Body, changed: set[str]) -> Iterator[Due]:
    earlier = {file["path"]: file for file in old["files"]}
    later = {file["path"]: file for file in new["files"]}
    touched: dict[tuple[str, str], set[str]] = {}
    for path in changed & (earlier.keys() | later.keys()):
        file = later.get(path) or earlier[path]
        reasons = kept(earlier.get(path, {}), later.get(path, {}))
        touched.setdefault((file["host"], file["service"]), set()).update(reasons)
    for (host, name), why in touched.items():
        services = new["hosts"].get(host, {}).get("services", {})
        if name not in services:
            continue
        if name not in old["hosts"].get(host, {}).get("services", {}):
            yield Due(host, name, "start")
        elif why:
            yield Due(host, name, services[name]["restart"][1], tuple(sorted(why)))
        else:
            yield Due(host, name, services[name]["on_change"][1])


def kept(old: Body, new: Body) -> set[str]:
    """Return the names of values in a changed file that a running service keeps over a reload.

    A name on both sides counts when its values differ; every name that has one, when the whole file
    is new, gone, or of a manifest that does not say.
    """
    before, after = old.get("restart_on"), new.get("restart_on")
    if before is None or after is None:
        return {name for name, value in (before or after or {}).items() if value}
    return {name for name in before.keys() & after.keys() if before[name] != after[name]}
