"""Where a spec has a text that no rendered file can hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mailconf.model.place import Path

SHORTEST = 3
"""Characters of a text that is looked for inside a longer one: a part of an address, for example."""


def locate(value: str, data: Any) -> Path:
    """Return the path of the scalar or key that a value was made of, or an empty path.

    The one that is the value comes first, regardless of case; else the longest that is a part of it.
    """
    wanted = value.casefold()
    found = [(text.casefold(), path) for text, path in _texts(data, ())]
    same = next((path for text, path in found if text == wanted), ())
    parts = [(len(text), path) for text, path in found if len(text) >= SHORTEST and text in wanted]
    return same or max(parts, key=lambda part: part[0], default=(0, ()))[1]


def _texts(value: Any, where: Path) -> Iterator[tuple[str, Path]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key), (*where, key)
            yield from _texts(inner, (*where, key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*where, number))
    elif isinstance(value, str):
        yield value, where
