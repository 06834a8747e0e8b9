"""What a plugin brings to the lab: how its daemons start there, and what they say they read."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.target import Target

BootStage = Literal["kernel", "filter", "store", "mta", "web"]
"""When a service starts, in this order: filters and stores before the MTA, which defers mail without them."""
Difference = tuple[str, str, str]
"""A setting, the value in the rendered file, and the value that the daemon uses."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said: its exit status, and what it printed on stdout and stderr."""

    status: int
    output: str
    errors: str = ""


class LabMachine(Protocol):
    """A host of the lab: Debian without systemd, with the rendered files in their places."""

    @property
    def target(self) -> Target:
        """The release that it runs."""

    def start(self, *command: str, changes_network: bool = False) -> None:
        """Run a command that puts a daemon into the background; raises an error that ends the lab.

        Only what `changes_network` may alter addresses and packet filters of the machine.
        """

    def spawn(self, port: int, *command: str) -> None:
        """Start a daemon that stays in the foreground, and wait until it listens on a TCP port."""

    def run(self, *command: str) -> Done:
        """Run a command to its end; one that takes longer than 20 s has the exit status -1."""

    def read(self, path: str) -> str:
        """Return the text of a file."""

    def write(self, path: str, text: str) -> None:
        """Write a file of root's, mode 0644; what it replaces is what the lab does otherwise."""

    def copy_log(self, path: str) -> None:
        """Have what daemons log from now on in a file as well, as rsyslog writes it."""

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


class LabScene(Protocol):
    """A lab in which all daemons run, as the checks of a plugin see it."""

    @property
    def client(self) -> LabMachine:
        """A client's machine, with curl, swaks and openssl; none of the hosts trusts it."""

    @property
    def addresses(self) -> Mapping[int, str]:
        """Addresses of the client for these checks alone, by IP version: no other check uses them."""

    def machine(self, host: Host) -> LabMachine:
        """Return a host's machine."""

    def password(self, address: str) -> str:
        """Return the password that the lab gave to a mailbox."""


@dataclass(frozen=True, slots=True)
class LabCheck:
    """A check of a booted lab, after all others; it may change what the lab's daemons remember.

    `subjects` gets the plugin's view, `run` that, one subject and the lab; it yields findings and
    raises Inconclusive for the verdict unknown.
    """

    id: str
    summary: str
    subjects: Callable[[Any], Iterable[Any]]
    run: Callable[[Any, Any, LabScene], AsyncIterator[Finding]]


@dataclass(frozen=True, slots=True)
class LabSupport:
    """Everything that a plugin brings to the lab."""

    services: tuple[LabService, ...] = ()
    effective_configs: tuple[EffectiveConfig, ...] = ()
    checks: tuple[LabCheck, ...] = ()
