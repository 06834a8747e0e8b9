"""Debian images for lab hosts: built once with mmdebstrap, kept in the user's cache directory."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as File

from mailconf.lab.faults import LabUnavailableError

# What a mail host, the lab's name servers and the native checkers need; no recommended extras.
PACKAGES = (
    "bind9-utils",
    "ca-certificates",
    "dns-root-data",
    "dovecot-imapd",
    "dovecot-lmtpd",
    "dovecot-pop3d",
    "iproute2",
    "nginx-light",
    "nsd",
    "opendkim",
    "opendkim-tools",
    "opendmarc",
    "openssl",
    "postfix",
    "procps",
    "publicsuffix",
    "unbound",
)
# Keep daemons from starting while packages are unpacked.
NO_AUTOSTART = (
    "mkdir -p $1/usr/sbin; printf '#!/bin/sh\\nexit 101\\n' > $1/usr/sbin/policy-rc.d; "
    "chmod +x $1/usr/sbin/policy-rc.d"
)
SUITES = {"debian-12": "bookworm"}
BUILD_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Image:
    """A root directory that overlays can be put on; `packages` are installed in it."""

    root: File
    packages: tuple[str, ...]


def cache_directory() -> File:
    """Return where images lie: $MAILCONF_CACHE, else below the user's cache directory."""
    own = os.environ.get("MAILCONF_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or str(File.home() / ".cache")
    return File(own) if own else File(base) / "mailconf"


def image(target: str) -> Image:
    """Return where the image of a target lies, or will lie once it is built."""
    recipe = "\n".join([target, NO_AUTOSTART, *PACKAGES])
    stamp = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    return Image(cache_directory() / f"{target}-{stamp}", PACKAGES)


def ensure(target: str) -> Image:
    """Return the image of a target, building it first when the cache has none.

    Needs the network, so it runs before there are namespaces. Raises LabUnavailableError.
    """
    wanted = image(target)
    with _locked(wanted.root.parent):
        if not wanted.root.is_dir():
            _build(SUITES[target], wanted.root)
    return wanted


@contextmanager
def _locked(cache: File) -> Iterator[None]:
    """Let one process build at a time; the lock goes with the process."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _build(suite: str, root: File) -> None:
    staged = root.with_name(root.name + ".partial")
    shutil.rmtree(staged, ignore_errors=True)
    log = root.with_suffix(".log")
    with log.open("w") as stream:
        done = subprocess.run(
            [*_command(suite, staged)],
            input="\n".join(sources(suite)),
            stdout=stream,
            stderr=subprocess.STDOUT,
            timeout=BUILD_SECONDS,
            check=False,
            text=True,
        )
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
        raise LabUnavailableError(
            f"mmdebstrap could not build {suite}:\n{tail}\n(all of it: {log})"
        )
    staged.rename(root)


def _command(suite: str, staged: File) -> Iterator[str]:
    yield from ("mmdebstrap", "--mode=root", "--variant=apt", f"--include={','.join(PACKAGES)}")
    for excluded in ("doc", "man", "locale"):
        yield f"--dpkgopt=path-exclude=/usr/share/{excluded}/*"
    yield '--aptopt=APT::Install-Recommends "false"'
    yield f"--setup-hook={NO_AUTOSTART}"
    yield from (suite, str(staged))
    if sources(suite):
        yield "-"  # the sources come on standard input


def sources(suite: str) -> list[str]:
    """Return apt sources of `suite` at the mirrors that this machine uses; none: Debian's own."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(ORIGIN)"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    rows = {tuple(line.split(" ", 2)) for line in told.splitlines()}
    debian = [(row[0], row[1]) for row in rows if row[2:] == ("Debian",)]
    main = sorted({uri for uri, release in debian if "-" not in release})
    security = sorted({uri for uri, release in debian if release.endswith("-security")})
    if not (main and security):
        return []
    return [
        f"deb {main[0]} {suite} main",
        f"deb {main[0]} {suite}-updates main",
        f"deb {security[0]} {suite}-security main",
    ]
