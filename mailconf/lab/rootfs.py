"""The root directory of a machine: an overlay on the image, with the rendered files in place."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path as File

from mailconf.lab import below
from mailconf.lab.confine import leave_keyrings
from mailconf.lab.errors import BootError
from mailconf.lab.ids import machine_ids
from mailconf.lab.site import LabFile, LabHost

BASE = File("/run/mailconf")
AN_HOUR = 3600
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
CA_BUNDLE = "etc/ssl/certs/ca-certificates.crt"
# A resolver on the loopback interface, whose word on DNSSEC is trusted.
RESOLV_CONF = "nameserver 127.0.0.1\noptions edns0 trust-ad\n"
# What Debian's packages put where the rendered files are complete without it.
PACKAGED = ("etc/nginx/sites-enabled/default",)


def owns_machine() -> bool:
    """Tell whether root here is root outside: not so in a namespace of an ordinary user."""
    inside, outside, _count = File("/proc/self/uid_map").read_text().split()[:3]
    return inside == outside == "0"


def mount_base() -> None:
    """Give the lab a tmpfs of its own: whatever it writes ends with the namespaces."""
    leave_keyrings()
    _mount("tmpfs", File("/run"), "mode=755")
    BASE.mkdir()


def mount_root(name: str, image: File) -> File:
    """Mount the root of one machine, which belongs to the machine's own root, and return it."""
    upper, work, root = (BASE / name / part for part in ("upper", "work", "root"))
    for part in (upper, work, root):
        part.mkdir(parents=True)
    first = machine_ids().first
    os.chown(upper, first, first)
    owner = f",uid={first},gid={first}"
    options = f"lowerdir={image},upperdir={upper},workdir={work}"
    # In a user's namespace overlayfs keeps its notes in attributes that the user may write.
    options += "" if owns_machine() else ",userxattr"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(root)], check=True)
    _mount("tmpfs", root / "dev", "mode=755" + owner)
    for device in DEVICES:
        (root / "dev" / device).touch()
        subprocess.run(
            ["mount", "--bind", f"/dev/{device}", str(root / "dev" / device)], check=True
        )
    (root / "dev/shm").mkdir()
    (root / "dev/fd").symlink_to("/proc/self/fd")
    _mount("tmpfs", root / "dev/shm", "mode=1777" + owner)
    _mount("tmpfs", root / "run", "mode=755" + owner)
    _mount("tmpfs", root / "tmp", "mode=1777" + owner)
    below.make_directory(root, "/run/lock", (first, first), 0o1777)
    for packaged in PACKAGED:
        (root / packaged).unlink(missing_ok=True)
    return root


def _mount(kind: str, where: File, options: str) -> None:
    with_options = ["-o", options] if options else []
    subprocess.run(["mount", "-t", kind, *with_options, kind, str(where)], check=True)


def furnish(root: File, machine: LabHost, authority: str) -> None:
    """Create users and directories, install every file, trust the lab's authority."""
    _add_users(root, machine)
    for directory in machine.directories:
        owner = owner_ids(root, directory.owner, directory.group)
        try:
            below.make_directory(root, directory.path, owner, directory.mode)
        except OSError as why:
            raise BootError(f"{directory.path} cannot be made: {why.strerror}") from None
    for target, file in machine.files.items():
        install(root, target, file)
    host = machine.host
    lines = ["127.0.0.1 localhost", "::1 localhost"]
    lines += [f"{address} {host.hostname}" for address in host.addresses]
    furnish_common(root, host.hostname, authority)
    install(root, "/etc/hosts", LabFile("\n".join(lines) + "\n"))


def furnish_common(root: File, hostname: str, authority: str) -> None:
    """Write what every machine has: its name, its resolver, the authority that it trusts."""
    install(root, "/etc/hostname", LabFile(hostname + "\n"))
    install(root, "/etc/mailname", LabFile(hostname + "\n"))
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    install(root, "/etc/resolv.conf", LabFile(RESOLV_CONF))
    with (root / CA_BUNDLE).open("a", encoding="ascii") as bundle:
        bundle.write(authority)


def install(root: File, target: str, file: LabFile) -> None:
    """Write one file with owner, mode and an old time stamp; raises BootError.

    Postfix distrusts a main.cf of this very second and makes every command wait for it.
    """
    owner = owner_ids(root, file.owner, file.group)
    try:
        below.write(root, target, file.text, owner, mode=file.mode, changed=time.time() - AN_HOUR)
    except OSError as why:
        raise BootError(f"{target} cannot be written: {why.strerror}") from None


def owner_ids(root: File, owner: str, group: str) -> tuple[int, int]:
    """Return the ids outside of a user and a group that the machine's own tables have; raises BootError."""
    return _id(root, "/etc/passwd", owner), _id(root, "/etc/group", group)


def _id(root: File, table: str, name: str) -> int:
    ids = machine_ids()
    for line in below.read(root, table).splitlines():
        fields = line.split(":")
        if fields[0] == name and int(fields[2]) in range(ids.count):
            return ids.first + int(fields[2])
    raise BootError(f"{table} has no {name}")


def _add_users(root: File, machine: LabHost) -> None:
    for user in machine.users:
        account = f"{user.name}:x:{user.uid}:{user.uid}::{user.home}:/usr/sbin/nologin\n"
        with (root / "etc/passwd").open("a") as table:
            table.write(account)
        with (root / "etc/group").open("a") as table:
            table.write(f"{user.name}:x:{user.uid}:\n")
