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
            for spelled in spellings(path[:length]):
                place = self.by_path.get(spelled)
                if place:
                    return place
        return Place(self.file)


def spellings(path: Path) -> tuple[Path, ...]:
    """Return where a value of a host or domain may have been written: there, or once for all."""
    if len(path) > 2 and path[0] == "domains":  # noqa: PLR2004, domains, name, option
        return path, ("defaults", *path[2:]), ("plugins", *path[2:])
    if len(path) > 2 and path[0] == "hosts":  # noqa: PLR2004, hosts, key, option
        return path, ("plugins", *path[2:])
    return (path,)
