"""How each daemon is started on a Debian machine without systemd, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mailconf.lab import below
from mailconf.lab.errors import BootError
from mailconf.lab.machine import Machine
from mailconf.lab.rootfs import owner_ids


def _opendkim(machine: Machine) -> None:
    _run_directory(machine, "opendkim")
    machine.start("opendkim", "-x", "/etc/opendkim.conf")


def _opendmarc(machine: Machine) -> None:
    _run_directory(machine, "opendmarc")
    machine.start("opendmarc", "-c", "/etc/opendmarc.conf")


def _run_directory(machine: Machine, name: str, owner: str = "") -> None:
    """Make what the package's tmpfiles.d entry makes under systemd."""
    ids = owner_ids(machine.root, owner or name, owner or name)
    below.make_directory(machine.root, f"/run/{name}", ids, 0o755)


def _dovecot(machine: Machine) -> None:
    # Makes the queue directories, in one of which Dovecot puts its sockets.
    machine.start("postfix", "check")
    machine.start("dovecot")


def _postfix(machine: Machine) -> None:
    # What the service unit does before it starts Postfix: fills the chroot (resolv.conf, hosts).
    # From 3.10 on `postfix start` does it itself.
    if not machine.target.has("postfix", "3.10"):
        machine.start("/usr/lib/postfix/configure-instance.sh", "-")
    machine.start("postfix", "start")


def _rspamd(machine: Machine) -> None:
    """Start it as its unit does: as its own user, in the background, which it does not do itself."""
    _run_directory(machine, "rspamd", "_rspamd")
    as_user = ("setpriv", "--reuid=_rspamd", "--regid=_rspamd", "--init-groups")
    proxy = "etc/rspamd/local.d/worker-proxy.inc"
    port = _port(machine, proxy, r'bind_socket = "127.0.0.1:([0-9]+)"')
    machine.spawn(port, *as_user, "rspamd", "-c", "/etc/rspamd/rspamd.conf", "-f")


def _nftables(machine: Machine) -> None:
    machine.start("nft", "-f", "/etc/nftables.conf")


def _mta_sts_resolver(machine: Machine) -> None:
    port = _port(machine, "etc/mta-sts-daemon.yml", r"port: ([0-9]+)")
    # Releases before 1.5 look for files in the home directory of whoever started them.
    as_user = ("setpriv", "--reuid=_mta-sts", "--regid=_mta-sts", "--init-groups", "env")
    home = "HOME=/var/lib/mta-sts"
    machine.spawn(port, *as_user, home, "mta-sts-daemon", "--config", "/etc/mta-sts-daemon.yml")


def _originators(machine: Machine) -> None:
    port = _port(machine, "etc/mailconf/originators.json", r'"port": ([0-9]+)')
    as_nobody = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env")
    library = "PYTHONPATH=/usr/local/lib/mailconf"
    command = ("python3", "-s", "-m", "originators", "/etc/mailconf/originators.json")
    machine.spawn(port, *as_nobody, library, *command)


def _postsrsd(machine: Machine) -> None:
    if machine.target.has("postsrsd", "2.0"):
        port = _port(machine, "etc/postsrsd.conf", r"inet:127.0.0.1:([0-9]+)")
        machine.spawn(port, "postsrsd", "-C", "/etc/postsrsd.conf")
        return
    port = _port(machine, "etc/default/postsrsd", r"SRS_FORWARD_PORT=([0-9]+)")
    machine.spawn(port, "sh", "/usr/share/postsrsd/postsrsd-systemd-launcher")


def _policyd_rate_limit(machine: Machine) -> None:
    _run_directory(machine, "policyd-rate-limit")
    port = _port(machine, "etc/policyd-rate-limit.yaml", r'SOCKET: ."127.0.0.1", ([0-9]+)')
    machine.spawn(port, "policyd-rate-limit")


def _port(machine: Machine, file: str, pattern: str) -> int:
    """Return the port that a rendered file tells its daemon to listen on."""
    return int(re.findall(pattern, below.read(machine.root, file))[0])


def _systemd_sysctl(_machine: Machine) -> None:
    """Leave the kernel alone: it is that of the machine which the lab runs on."""


def _nginx(machine: Machine) -> None:
    machine.start("nginx")


@dataclass(frozen=True, slots=True)
class Daemon:
    """A service by the name that manifests use."""

    service: str
    start: Callable[[Machine], None]


# Milters and the mail store before Postfix: it tells senders to come back while they are missing.
ORDER = (
    Daemon("systemd-sysctl", _systemd_sysctl),
    Daemon("nftables", _nftables),
    Daemon("mailconf-originators", _originators),
    Daemon("opendkim", _opendkim),
    Daemon("opendmarc", _opendmarc),
    Daemon("rspamd", _rspamd),
    Daemon("postfix-mta-sts-resolver", _mta_sts_resolver),
    Daemon("postsrsd", _postsrsd),
    Daemon("policyd-rate-limit", _policyd_rate_limit),
    Daemon("dovecot", _dovecot),
    Daemon("postfix", _postfix),
    Daemon("nginx", _nginx),
)


def start_services(machine: Machine, services: Iterable[str]) -> None:
    """Start the services of a machine in order; raises BootError."""
    wanted = set(services)
    # There is no systemd in a lab: nobody renews a certificate while it runs.
    units = {service for service in wanted if service.endswith(".path")}
    unknown = wanted - units - {daemon.service for daemon in ORDER}
    if unknown:
        raise BootError(f"the lab does not know how to start {', '.join(sorted(unknown))}")
    for daemon in ORDER:
        if daemon.service in wanted:
            daemon.start(machine)
