"""What is to be published, set by set: the distance between a spec and the DNS as it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailconf.model.place import Path


class State(StrEnum):
    """How far a set of records has come."""

    PUBLISH = "publish"
    """The zone's servers do not have it."""
    PROPAGATING = "propagating"
    """Some servers of the zone have it, others do not."""
    CACHED = "cached"
    """The servers have it, caches may hold something else."""
    IN_SYNC = "in sync"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """One set of records: what is to be added and removed, as values in presentation form.

    `ttl` is the lifetime that the spec wants, `seconds` how long caches may hold what is not wanted,
    counted from the publication; `why` explains what cannot be told or is only half done.
    """

    name: str
    type: str
    state: State
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    ttl: int = 0
    seconds: int = 0
    why: str = ""
    where: Path = ()

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing more is to happen."""
        return self.state is State.IN_SYNC

    def __str__(self) -> str:
        return f"{self.name} {self.type}"
