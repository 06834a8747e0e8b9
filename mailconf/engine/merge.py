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


def contradictions(one: Any, other: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Yield every path at which two trees say different things."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() & other.keys():
            yield from contradictions(one[key], other[key], (*path, key))
    elif one != other:
        yield path, one, other
