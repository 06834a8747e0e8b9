"""Debian images for lab hosts: built once with mmdebstrap, kept in the user's cache directory."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as File

from mailconf.lab.faults import LabUnavailableError
from mailconf.model.target import Target, likeness

# What mail hosts, the lab's name servers, clients and native checkers need; no recommended extras.
PACKAGES = (
    "bind9",
    "bind9-dnsutils",
    "bind9-utils",
    "ca-certificates",
    "curl",
    "dns-root-data",
    "dovecot-imapd",
    "dovecot-ldap",
    "dovecot-lmtpd",
    "dovecot-managesieved",
    "dovecot-mysql",
    "dovecot-pgsql",
    "dovecot-pop3d",
    "dovecot-sieve",
    "dovecot-sqlite",
    "fetchmail",
    "iproute2",
    "isync",
    "libnet-ssleay-perl",
    "libsasl2-modules",
    "msmtp",
    "neomutt",
    "nftables",
    "nginx-light",
    "nsd",
    "opendkim",
    "opendkim-tools",
    "opendmarc",
    "openssl",
    "policyd-rate-limit",
    "postfix",
    "postfix-mta-sts-resolver",
    "postfix-pcre",
    "postfix-policyd-spf-python",
    "postsrsd",
    "procps",
    "publicsuffix",
    "rspamd",
    "slapd",
    "sqlite3",
    "swaks",
    "systemd",
    "unbound",
)


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
BUILD_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Image:
    """A root directory that overlays can be put on; `packages` are those asked for."""

    root: File
    packages: tuple[str, ...]

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


def image(release: str) -> Image:
    """Return where the image of a release lies, or will lie once it is built."""
    suite = SUITES[release]
    packages = (*PACKAGES, *suite.extras)
    recipe = "\n".join([release, *suite.archives, NO_AUTOSTART, WARM_RSPAMD, *packages])
    stamp = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    return Image(cache_directory() / f"{release}-{stamp}", packages)


def ensure(release: str) -> Image:
    """Return the image of a release, building it first when the cache has none.

    Needs the network, so it runs before there are namespaces. Raises LabUnavailableError.
    """
    wanted = image(release)
    if wanted.root.is_dir():
        return wanted
    with _locked(wanted.root):
        if not wanted.root.is_dir():
            _build(SUITES[release], wanted)
    return wanted


@contextmanager
def _locked(root: File) -> Iterator[None]:
    """Let one process build an image; the lock goes with the process."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_suffix(".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _build(suite: Suite, wanted: Image) -> None:
    staged = wanted.root.with_name(wanted.root.name + ".partial")
    log = wanted.root.with_suffix(".log")
    _remove(staged)
    try:
        with log.open("w") as stream:
            for command, said in _commands(suite, wanted, staged):
                subprocess.run(
                    command,
                    input=said,
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    timeout=BUILD_SECONDS,
                    check=True,
                    text=True,
                )
    except subprocess.SubprocessError:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
        raise LabUnavailableError(
            f"mmdebstrap could not build {suite.name}:\n{tail}\n(all of it: {log})"
        ) from None
    finally:
        archive(staged).unlink(missing_ok=True)
    staged.rename(wanted.root)


def _remove(tree: File) -> None:
    """Remove what an earlier attempt left; its files may belong to users of a namespace."""
    if tree.exists():
        subprocess.run([*mapped(), "rm", "-rf", str(tree)], check=True)


def mapped() -> list[str]:
    """Return the prefix under which an ordinary user's subordinate ids look like a whole system."""
    is_root = os.geteuid() == 0
    return [] if is_root else ["unshare", "--user", "--map-auto", "--map-root-user"]


def archive(staged: File) -> File:
    """Return where the packed form of an image lies for a moment."""
    return staged.with_suffix(".tar")


def _commands(suite: Suite, wanted: Image, staged: File) -> Iterator[tuple[list[str], str]]:
    """Yield what builds an image, each with its standard input.

    An ordinary user's mmdebstrap writes archives only; unpacking gives files to mapped users.
    """
    lines = "\n".join(sources(suite))
    if os.geteuid() == 0:
        yield [*_mmdebstrap(suite, wanted, "root"), str(staged), *(["-"] if lines else [])], lines
        return
    packed = archive(staged)
    build = [*_mmdebstrap(suite, wanted, "unshare"), str(packed), *(["-"] if lines else [])]
    yield build, lines
    yield unpack(packed, staged)


def unpack(packed: File, into: File) -> tuple[list[str], str]:
    """Return the command that unpacks an image for a user's namespaces; nobody may make devices."""
    tree = shlex.quote(str(into))
    script = f"mkdir {tree} && tar -xpf {shlex.quote(str(packed))} --exclude='./dev/*' -C {tree}"
    return [*mapped(), "sh", "-c", script], ""


def _mmdebstrap(suite: Suite, wanted: Image, mode: str) -> Iterator[str]:
    yield from ("mmdebstrap", f"--mode={mode}", "--variant=apt")
    yield f"--include={','.join(wanted.packages)}"
    for excluded in ("doc", "man", "locale"):
        yield f"--dpkgopt=path-exclude=/usr/share/{excluded}/*"
    yield '--aptopt=APT::Install-Recommends "false"'
    # The index of a testing release may be out of date at a mirror; it is signed all the same.
    yield '--aptopt=Acquire::Check-Valid-Until "false"'
    yield f"--setup-hook={NO_AUTOSTART}"
    yield f"--customize-hook={WARM_RSPAMD}"
    yield suite.name


def sources(suite: Suite) -> list[str]:
    """Return apt sources of a suite at the mirrors that this machine uses; none: Debian's own."""
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
        f"deb {(security if part == '-security' else main)[0]} {suite.name}{part} main"
        for part in suite.archives
    ]
