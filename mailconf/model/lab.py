"""What a plugin brings to the lab: how its daemons start there, and what they say they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from mailconf.model.target import Target

BootStage = Literal["kernel", "filter", "store", "mta", "web"]
"""When a service starts, in this order: filters and stores before the MTA, which defers mail without them."""
Difference = tuple[str, str, str]
"""A setting, the value in the rendered file, and the value that the daemon uses."""


class LabMachine(Protocol):
    """A host of the lab: Debian without systemd, with the rendered files in their places."""

    @property
    def target(self) -> Target:
        """The release that it runs."""

    def start(self, *command: str) -> None:
        """Run a command that puts a daemon into the background; raises an error that ends the lab."""

    def spawn(self, port: int, *command: str) -> None:
        """Start a daemon that stays in the foreground, and wait until it listens on a TCP port."""

    def output(self, *command: str) -> str:
        """Return what a command prints on stdout, whatever its exit status."""

    def read(self, path: str) -> str:
        """Return the text of a file."""

    def make_directory(self, path: str, owner: str = "root") -> None:
        """Make a directory of a user and the group of the same name, as tmpfiles.d(5) does, mode 0755."""


def port_in(machine: LabMachine, file: str, pattern: str) -> int:
    """Return the port that a rendered file tells its daemon to listen on: a pattern's first group.

    Raises ValueError where the file has none.
    """
    found = re.search(pattern, machine.read(file))
    if not found:
        raise ValueError(f"{file} has no port")
    return int(found[1])


@dataclass(frozen=True, slots=True)
class LabService:
    """How a service is started without systemd; `unit` is its name in manifests."""

    unit: str
    start: Callable[[LabMachine], None]
    stage: BootStage = "filter"


@dataclass(frozen=True, slots=True)
class EffectiveConfig:
    """What a daemon says of its configuration in `file`, compared with what was rendered there.

    `differences` gets the machine and the text of the file.
    """

    file: str
    differences: Callable[[LabMachine, str], Iterable[Difference]]


@dataclass(frozen=True, slots=True)
class LabSupport:
    """Everything that a plugin brings to the lab."""

    services: tuple[LabService, ...] = ()
    effective_configs: tuple[EffectiveConfig, ...] = ()
