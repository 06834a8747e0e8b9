"""Debian images for lab hosts: built once with mmdebstrap, kept in the user's cache directory."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as File

from mailconf.disk.child import ending_with_us
from mailconf.lab.errors import LabUnavailableError
from mailconf.lab.ids import machine_ids
from mailconf.lab.launch import BUILDING, INTERRUPTED, launch
from mailconf.lab.packages import BROUGHT, PACKAGES, TOOLS
from mailconf.model.target import Target, likeness


@dataclass(frozen=True, slots=True)
class Suite:
    """A Debian release: its name at the mirrors, the archives it has there, and what only it ships.

    `archives` are suffixes of the name; security updates of a release that has ended are gone.
    """

    name: str
    archives: tuple[str, ...]
    extras: tuple[str, ...] = ()


SUITES = {
    "debian-11": Suite("bullseye", ("", "-updates"), ("ansible",)),
    "debian-12": Suite("bookworm", ("", "-updates", "-security"), ("ansible-core",)),
    "debian-13": Suite(
        "trixie", ("", "-updates", "-security"), ("ansible-core", "dovecot-flatcurve")
    ),
    "debian-forky": Suite("forky", ("",), ("ansible-core", "dovecot-flatcurve")),
}
# Keep daemons from starting while packages are unpacked.
NO_AUTOSTART = (
    "mkdir -p $1/usr/sbin; printf '#!/bin/sh\\nexit 101\\n' > $1/usr/sbin/policy-rc.d; "
    "chmod +x $1/usr/sbin/policy-rc.d"
)
# rspamd compiles thousands of patterns at its first start, for 20 seconds; a lab cannot wait that
# long, so it is started once here, until it says that all is compiled.
WARM_RSPAMD = """chroot "$1" sh -u -c '
install -d -o _rspamd -g _rspamd -m 755 /run/rspamd
setpriv --reuid=_rspamd --regid=_rspamd --init-groups \\
    rspamd -c /etc/rspamd/rspamd.conf -f >/dev/null 2>&1 &
tries=0
until grep -q "full hyperscan database of" /var/log/rspamd/rspamd.log 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || break
    sleep 0.2
done
kill $!
wait
rm -f /var/log/rspamd/*'
"""
ALMOST_NOTHING = 1 << 20
"""Octets that are free on a file system that is full."""
NO_ARCHIVE = re.compile(
    "Could not resolve|Temporary failure|Could not connect|Unable to connect|Network is unreach"
)
COMPLAINT = re.compile(r"^(E|error|mailconf):", re.IGNORECASE)
Say = Callable[[str], None]


def quietly(_line: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Image:
    """A root directory that overlays can be put on; `packages` are those asked for."""

    root: File
    packages: tuple[str, ...]

    @property
    def staged(self) -> File:
        """Return where it is put together."""
        return self.root.with_name(self.root.name + ".partial")

    @property
    def log(self) -> File:
        """Return where the commands that build it write what they do."""
        return self.root.with_suffix(".log")

    def installed(self) -> frozenset[str]:
        """Return every package in it, those that others needed included."""
        status = (self.root / "var/lib/dpkg/status").read_text(encoding="utf-8")
        lines = (line.partition(": ") for line in status.splitlines())
        return frozenset(value for field, _, value in lines if field == "Package")


def cache_directory() -> File:
    """Return where images lie: $MAILCONF_CACHE, else below the user's cache directory."""
    own = os.environ.get("MAILCONF_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or str(File.home() / ".cache")
    return File(own) if own else File(base) / "mailconf"


def release_of(target: Target) -> str:
    """Return the release whose image stands for a target; raises LabUnavailableError.

    Written versions are played by the release that has the same Postfix and Dovecot lines.
    """
    if target.name in SUITES:
        return target.name
    alike = likeness(target) if target.is_exact else None
    if alike and alike.name in SUITES:
        return alike.name
    raise LabUnavailableError(
        f"there is no lab image for target {target}: use --target with one of {', '.join(SUITES)}"
    )


def image(release: str, needed: Iterable[str] = ()) -> Image:
    """Return where the image of a release lies, or will lie once it is built.

    Hosts whose packages `needed` are not in the usual image have one with those alone: another MTA,
    for example, cannot be installed beside Postfix.
    """
    suite = SUITES[release]
    packages = (*PACKAGES, *suite.extras)
    if not {*needed} <= {*packages, *BROUGHT}:
        packages = tuple(sorted({*TOOLS, *needed}))
    # The ids that own its files are a part of it: images of mailconf before cells belong to root.
    owner = str(machine_ids().first)
    recipe = "\n".join([release, *suite.archives, NO_AUTOSTART, WARM_RSPAMD, *packages, owner])
    stamp = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    return Image(cache_directory() / f"{release}-{stamp}", packages)


def ensure(release: str, say: Say = quietly, needed: Iterable[str] = ()) -> Image:
    """Return the image of a release, building it first when the cache has none.

    Needs the network, so it runs before a lab has namespaces. `say` learns when a build begins and
    ends. Raises LabUnavailableError; KeyboardInterrupt when a signal ended the build.
    """
    wanted = image(release, needed)
    if wanted.root.is_dir():
        return wanted
    try:
        with _locked(wanted, say) as lock:
            if not wanted.root.is_dir():
                _build(release, wanted, lock, say)
    except OSError as why:
        raise LabUnavailableError(
            f"the image of {release} cannot be built in {cache_directory()}: {why.strerror}"
        ) from None
    return wanted


@contextmanager
def _locked(wanted: Image, say: Say) -> Iterator[int]:
    """Let one process build an image; the lock goes with the last process of the build."""
    wanted.root.parent.mkdir(parents=True, exist_ok=True)
    with wanted.root.with_suffix(".lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another process that builds {wanted.root.name}")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream.fileno()


def _build(release: str, wanted: Image, lock: int, say: Say) -> None:
    refuse_mounts(wanted.staged)
    say(f"building the image of {release} (first run only); this takes a minute or more")
    begun = time.monotonic()
    builder = [sys.executable, "-m", "mailconf.lab.building", release, str(lock)]
    builder += wanted.packages
    status = launch(builder, BUILDING, keep=(lock,))
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    if status or not wanted.root.is_dir():
        raise LabUnavailableError(
            f"the image of {release} could not be built: {_reason(wanted.log)} (log: {wanted.log})"
        )
    say(f"built the image of {release} in {time.monotonic() - begun:.0f} s")


def refuse_mounts(tree: File) -> None:
    """Raise LabUnavailableError when something is mounted in what is to be removed."""
    top = tree.resolve()
    rows = (line.split() for line in File("/proc/self/mountinfo").read_text().splitlines())
    # Blanks are written as in C: \\040 (proc(5)).
    points = (File(row[4].encode().decode("unicode_escape")) for row in rows)
    found = sorted(str(point) for point in points if point.is_relative_to(top))
    if found:
        raise LabUnavailableError(
            f"file systems are mounted in {tree}, which an interrupted build left: "
            f"unmount {', '.join(found)}"
        )


def _reason(log: File) -> str:
    """Return in one line why a build failed."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    full = shutil.disk_usage(log.parent).free < ALMOST_NOTHING
    if full or any("No space left on device" in line for line in lines):
        return f"no space is left in {log.parent}"
    silent = next((line.strip() for line in lines if NO_ARCHIVE.search(line)), "")
    if silent:
        return f"the package archive does not answer: {silent}"
    complaints = [line.strip() for line in lines if COMPLAINT.search(line)]
    return (complaints or [line.strip() for line in lines] or ["no reason is known"])[-1]


def sources(suite: Suite) -> list[str]:
    """Return apt sources of a suite at the mirrors that this machine uses; none: Debian's own."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(ORIGIN)"]
    try:
        told = subprocess.run(
            asked,
            capture_output=True,
            text=True,
            check=True,
            preexec_fn=ending_with_us(),
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    rows = {tuple(line.split(" ", 2)) for line in told.splitlines()}
    debian = [(row[0], row[1]) for row in rows if row[2:] == ("Debian",)]
    main = sorted({uri for uri, release in debian if "-" not in release})
    security = sorted({uri for uri, release in debian if release.endswith("-security")})
    if not (main and security):
        return []
    return [
        f"deb {(security if part == '-security' else main)[0]} {suite.name}{part} main"
        for part in suite.archives
    ]
