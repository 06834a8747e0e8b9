"""Starting cells: namespaces whose root is nobody outside (see `cell`)."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys
from pathlib import Path as File
from typing import IO

from mailconf.lab import cell
from mailconf.lab.errors import BootError, LabUnavailableError
from mailconf.lab.ids import Ids, machine_ids

ALL_NAMESPACES = ("--user", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup")
# What no daemon of a mail host needs. setpriv of older releases knows no newer names than these.
DROPPED = (
    *("audit_control", "audit_read", "block_suspend", "ipc_lock", "ipc_owner", "lease"),
    *("linux_immutable", "mac_admin", "mac_override", "mknod", "sys_admin", "sys_boot"),
    *("sys_module", "sys_nice", "sys_pacct", "sys_rawio", "sys_resource", "sys_time"),
    *("sys_tty_config", "syslog", "wake_alarm"),
)
NETWORK = ("net_admin", "net_broadcast", "net_raw")
# Commands that change the machine's own network.
OF_NETWORK = ("ip", "nft")
KEYCTL = {"x86_64": 250, "aarch64": 219, "riscv64": 219, "ppc64le": 271, "s390x": 280}
JOIN_SESSION_KEYRING = 1
NOBODY = 65_534
"""The highest id that a Debian system needs."""


def start_cell(
    *words: str,
    cwd: File | None = None,
    errors: IO[bytes] | int,
    keep: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """Start a cell and map its ids; the next line of its output is the id of its first process.

    `keep` are files that stay open until all of it has ended. Raises LabUnavailableError.
    """
    ids = machine_ids()
    if ids.count <= NOBODY:
        raise LabUnavailableError(
            f"a lab needs {NOBODY + 1} ids apart from root's, and there are {ids.count}; "
            "a user has those of /etc/subuid and /etc/subgid"
        )
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", cell.__file__, *words],
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        start_new_session=True,
        pass_fds=keep,
    )
    if process.stdout and process.stdin and process.stdout.readline():
        _map_ids(process, ids)
        process.stdin.write(b"\n")
        process.stdin.flush()
    return process


def _map_ids(process: subprocess.Popen[bytes], ids: Ids) -> None:
    """Do what newuidmap does, for root too that has no range in /etc/subuid."""
    try:
        for table in ("uid_map", "gid_map"):
            File(f"/proc/{process.pid}/{table}").write_text(ids.line)
    except OSError as why:
        process.kill()
        process.communicate()
        raise LabUnavailableError(f"this machine refuses to map ids: {why.strerror}") from None


def start_machine(root: File, hostname: str) -> int:
    """Start a machine and return the id of its first process; raises BootError, LabUnavailableError."""
    process = start_cell("machine", str(root), hostname, errors=subprocess.PIPE)
    said, why = process.communicate()
    if process.returncode:
        raise BootError(f"namespaces for {hostname} were refused: {why.decode().strip()}")
    return int(said)


def enter(first: int, command: str, *, changes_network: bool = False) -> list[str]:
    """Return the prefix with which a command runs in all namespaces of a machine."""
    dropped = DROPPED if changes_network or command in OF_NETWORK else DROPPED + NETWORK
    bounds = ",".join(f"-{name}" for name in dropped)
    into = ["nsenter", "--target", str(first), *ALL_NAMESPACES]
    return [*into, "--", "setpriv", "--bounding-set", bounds, "--"]


def leave_keyrings() -> None:
    """Get a session keyring of our own: the one of the user who runs us may hold keys."""
    number = KEYCTL.get(platform.machine())
    if number:
        # A kernel without keyrings refuses, and has nothing to be kept from anybody.
        ctypes.CDLL(None).syscall(number, JOIN_SESSION_KEYRING, None)
