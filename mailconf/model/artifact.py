"""Files: a plugin orders a Render, the engine delivers an Artifact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal

from mailconf.formats.paths import PathRefusedError, relative_parts
from mailconf.model.base import HOST_KEY
from mailconf.model.finding import Finding
from mailconf.model.secret import MARK


@dataclass(frozen=True, slots=True, order=True)
class Certificate:
    """A certificate that must lie on the host and cover `name`."""

    certificate: str
    private_key: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """How a certificate comes to lie on the host: its names in order, the challenge, the command.

    `challenge` is `http-01`, `dns-01`, or empty where the certificate is not of our making. A
    directory in which a web server serves answers is `webroot`, `files` are the targets that let it
    do so; without one the command itself listens on port 80 while it runs.
    """

    certificate: str
    names: tuple[str, ...]
    challenge: str
    webroot: str = ""
    command: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class User:
    """A system account that must exist; `uid` is also its group's number."""

    name: str
    uid: int
    home: str


@dataclass(frozen=True, slots=True, order=True)
class Directory:
    """A directory that must exist before the service starts."""

    path: str
    owner: str
    group: str
    mode: int


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """A Debian package that must be installed."""

    name: str


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """A systemd unit that runs; verbs are those of systemctl(1).

    `on_change` is for a changed file, `restart` for one whose `restart_on` values have changed and
    for the first deployment. A unit that must never stop has `reload-or-restart` there.
    """

    name: str
    on_change: Literal["reload", "restart"]
    restart: Literal["restart", "reload-or-restart"] = "restart"


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """A port, or the ports up to `last`, that must be reachable: from everywhere, or from `sources`."""

    number: int
    sources: tuple[str, ...] = ()
    protocol: Literal["tcp", "udp"] = "tcp"
    last: int = 0

    @property
    def numbers(self) -> range:
        """All ports that are meant."""
        return range(self.number, max(self.number, self.last) + 1)


@dataclass(frozen=True, slots=True, order=True)
class Prepare:
    """A command to run after files have changed and before their services are told."""

    command: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Checker:
    """A service's own checker: it complains by its exit status, or by any word on stderr.

    One that is `chatty` says things there that are no complaints.
    """

    command: tuple[str, ...]
    chatty: bool = False


Need = Certificate | Issue | User | Directory | Package | Unit | Port | Prepare | Checker
SITE = ""
"""The host of artifacts that belong to no machine, such as zone data."""
HOSTS = "hosts"
"""The folder of the rendered tree that holds what belongs to machines."""
PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]+")
RENDERED = "hosts/KEY/PATH, or a path in a folder such as dns, in printable ASCII"


@dataclass(frozen=True, slots=True)
class Render:
    """An order for one file: this template, with this data, to this path on `host`.

    `path` is relative to the host's root directory; without a host it is relative to the tree, in a
    folder of its own. Raises PathRefusedError, a ValueError, for any other path. `service` reads the file and is reloaded when
    it changes. `needs` is what must be there before that service can work. `review` reads the
    finished text for what the service's own checker would not see. `restart_on` reads it for the
    values that a running service keeps over a reload, by name; they never hold a secret.
    """

    host: str
    path: PurePosixPath
    template: str
    data: Any
    service: str = ""
    owner: str = "root"
    group: str = "root"
    mode: int = 0o644
    needs: tuple[Need, ...] = ()
    review: Callable[[str], Iterable[Finding]] | None = None
    restart_on: Callable[[str], Mapping[str, str]] | None = None

    def __post_init__(self) -> None:
        path = "" if str(self.path) == "." else str(self.path)
        first = relative_parts(path)[0]
        check_rendered(f"{HOSTS}/{self.host}/{path}" if self.host else path)
        if "/" in self.host or (not self.host and first == HOSTS):
            raise PathRefusedError(path, f"for the host {self.host!r}", RENDERED)


def check_rendered(path: str) -> None:
    """Raise PathRefusedError for a path of the tree that no artifact can have."""
    parts = relative_parts(path)
    of_host = len(parts) > 2 and parts[0] == HOSTS and re.fullmatch(HOST_KEY, parts[1])  # noqa: PLR2004, hosts, key, path
    of_site = len(parts) > 1 and parts[0] != HOSTS and not parts[0].startswith(".")
    if not PLAIN.fullmatch(path) or not (of_host or of_site):
        raise PathRefusedError(path, "a path that is never rendered", RENDERED)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished file; in a secret one, references still stand between marks."""

    order: Render
    text: str
    source: str
    """The plugin that ordered it."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """What `restart_on` of the order has read from the text."""

    @property
    def is_secret(self) -> bool:
        """Tell whether writing the file needs a secret."""
        return MARK in self.text

    @property
    def path(self) -> PurePosixPath:
        """Where it lies in the rendered tree."""
        order = self.order
        return PurePosixPath(HOSTS, order.host, order.path) if order.host else order.path
