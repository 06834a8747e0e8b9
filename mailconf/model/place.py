"""Where in the operator's files a value stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """File, line and column, both from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Places:
    """The Place of every node of a spec, by path; `file` is the spec itself."""

    file: str
    by_path: Mapping[Path, Place]

    def of(self, path: Path) -> Place:
        """Return the Place of `path`, or of the nearest enclosing node that has one."""
        for length in range(len(path), 0, -1):
            place = self.by_path.get(path[:length])
            if place:
                return place
        return Place(self.file)
