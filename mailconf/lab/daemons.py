"""How each daemon is started on a Debian machine without systemd, and in which order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mailconf.lab.faults import BootError
from mailconf.lab.machine import Machine
from mailconf.lab.rootfs import owner_ids


def _opendkim(machine: Machine) -> None:
    _run_directory(machine, "opendkim")
    machine.start("opendkim", "-x", "/etc/opendkim.conf")


def _opendmarc(machine: Machine) -> None:
    _run_directory(machine, "opendmarc")
    machine.start("opendmarc", "-c", "/etc/opendmarc.conf")


def _run_directory(machine: Machine, name: str) -> None:
    """Make what the package's tmpfiles.d entry makes under systemd."""
    directory = machine.root / "run" / name
    directory.mkdir(mode=0o755)
    os.chown(directory, *owner_ids(machine.root, name, name))


def _dovecot(machine: Machine) -> None:
    # Makes the queue directories, in one of which Dovecot puts its sockets.
    machine.start("postfix", "check")
    machine.start("dovecot")


def _postfix(machine: Machine) -> None:
    # What the service unit does before it starts Postfix: fills the chroot (resolv.conf, hosts).
    machine.start("/usr/lib/postfix/configure-instance.sh", "-")
    machine.start("postfix", "start")


def _nginx(machine: Machine) -> None:
    machine.start("nginx")


@dataclass(frozen=True, slots=True)
class Daemon:
    """A service by the name that manifests use."""

    service: str
    start: Callable[[Machine], None]


# Milters and the mail store before Postfix: it tells senders to come back while they are missing.
ORDER = (
    Daemon("opendkim", _opendkim),
    Daemon("opendmarc", _opendmarc),
    Daemon("dovecot", _dovecot),
    Daemon("postfix", _postfix),
    Daemon("nginx", _nginx),
)


def start_services(machine: Machine, services: Iterable[str]) -> None:
    """Start the services of a machine in order; raises BootError."""
    wanted = set(services)
    unknown = wanted - {daemon.service for daemon in ORDER}
    if unknown:
        raise BootError(f"the lab does not know how to start {', '.join(sorted(unknown))}")
    for daemon in ORDER:
        if daemon.service in wanted:
            daemon.start(machine)
