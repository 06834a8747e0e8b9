"""Which ids outside stand for the users of a machine, as whose root spec-given commands run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path as File

COUNT = 65_536
# What systemd's UIDs-GIDS document leaves free: above the containers', below 2^31.
FREE = 1_879_048_192


@dataclass(frozen=True, slots=True)
class Ids:
    """User (and group) n of a machine is `first` + n outside, up to `count` of them."""

    first: int
    count: int

    @property
    def line(self) -> str:
        """Return the mapping as uid_map and gid_map have it (user_namespaces(7))."""
        return f"0 {self.first} {self.count}\n"


def machine_ids() -> Ids:
    """Return the ids for machines, which are never those of root or of the user who runs a lab.

    Root has all ids of the system. An ordinary user has a namespace in which 0 is that user and
    what follows is the range in /etc/subuid; root of a small container has no others either.
    """
    table = File("/proc/self/uid_map").read_text()
    available = sum(int(line.split()[2]) for line in table.splitlines())
    if os.geteuid() == 0 and available > FREE + COUNT:
        return Ids(FREE, COUNT)
    return Ids(1, min(COUNT, available - 1))
