"""Putting trees of plain data on top of each other: maps by key, everything else as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mailconf.model.place import Path


def overlay(base: Any, over: Any) -> Any:
    """Return `base` with `over` on top; maps are merged by key, never by position."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    merged = dict(base)
    for key, value in over.items():
        merged[key] = overlay(base[key], value) if key in base else value
    return merged


class Pile:
    """Trees laid on top of each other; however many they are, each map is copied once."""

    def __init__(self, base: Any) -> None:
        self.tree = base
        self._ours: dict[int, dict[Any, Any]] = {}
        """Maps that were made here, by identity: YAML aliases put one map at several paths."""

    def put(self, over: Any) -> None:
        """Lay a tree on top, as `overlay` does."""
        self.tree = self._laid(self.tree, over)

    def _laid(self, base: Any, over: Any) -> Any:
        if not (isinstance(base, dict) and isinstance(over, dict)):
            return over
        if id(base) not in self._ours:
            base = dict(base)
            self._ours[id(base)] = base
        for key, value in over.items():
            base[key] = self._laid(base[key], value) if key in base else value
        return base


def contradictions(one: Any, other: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Yield every path at which two trees say different things."""
    if isinstance(one, dict) and isinstance(other, dict):
        fewer, more = sorted((one, other), key=len)
        for key in (key for key in fewer if key in more):
            yield from contradictions(one[key], other[key], (*path, key))
    elif one != other:
        yield path, one, other
