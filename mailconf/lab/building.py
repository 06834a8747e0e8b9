"""Building an image: the first process of namespaces that end with it, and everything in them.

`python -m mailconf.lab.building RELEASE LOCK PACKAGE...`, as `image.ensure` starts it. LOCK is an
open file.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path as File
from typing import IO

from mailconf.lab.confine import start_cell
from mailconf.lab.errors import LabUnavailableError
from mailconf.lab.ids import machine_ids
from mailconf.lab.image import (
    NO_AUTOSTART,
    SUITES,
    WARM_RSPAMD,
    Image,
    Suite,
    image,
    refuse_mounts,
    sources,
)
from mailconf.lab.launch import INTERRUPTED

BUILD_SECONDS = 900
# One of them shows the tree that is built, in the build's own mount namespace.
MOUNT_POINTS = ("/mnt", "/media", "/srv", "/opt", "/home")


def main(release: str, lock: int, packages: list[str]) -> int:
    """Build the image of a release and put it in its place; return the exit status."""
    # Whoever started us may ignore the signal, as shells do for background jobs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.umask(0o022)
    wanted = image(release, packages)
    try:
        with wanted.log.open("w") as log:
            try:
                return _build(SUITES[release], wanted, log, lock)
            except (LabUnavailableError, OSError, subprocess.SubprocessError) as why:
                log.write(f"mailconf: {why}\n")
                return 1
            finally:
                _remove(wanted.staged)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError:  # not even the log can be written: the file system is full
        return 1


def _build(suite: Suite, wanted: Image, log: IO[str], lock: int) -> int:
    _remove(wanted.staged)
    wanted.staged.mkdir()
    first = machine_ids().first
    for part in ("root", "scratch"):
        (wanted.staged / part).mkdir()
        os.chown(wanted.staged / part, first, first)
    shown = _mount_point()
    command = [f"TMPDIR={shown}/scratch", *_mmdebstrap(suite, wanted, f"{shown}/root")]
    log.write(shlex.join(command) + "\n")
    log.flush()
    cell = start_cell(
        "image", shown, *command, cwd=wanted.staged, errors=log.fileno(), keep=(lock,)
    )
    try:
        status = cell.wait(BUILD_SECONDS)
    finally:
        _end(cell)
    if status == 0:
        (wanted.staged / "root").rename(wanted.root)
    return status


def _end(cell: subprocess.Popen[bytes]) -> None:
    """Wait until nothing of the build runs: with a cell its first process ends, with that all."""
    cell.kill()
    cell.wait()
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _remove(tree: File) -> None:
    """Remove what is left of a build, on its own file system only."""
    refuse_mounts(tree)
    subprocess.run(["rm", "-rf", "--one-file-system", "--", str(tree)], check=True)


def _mount_point() -> str:
    """Return a directory that no command of the build is in."""
    path = [File(entry).resolve() for entry in os.environ.get("PATH", "").split(":") if entry]
    free = (d for d in MOUNT_POINTS if File(d).is_dir() and not _holds(File(d), path))
    found = next(free, "")
    if not found:
        raise LabUnavailableError(f"none of {', '.join(MOUNT_POINTS)} is free to mount a tree on")
    return found


def _holds(directory: File, paths: list[File]) -> bool:
    return any(path.is_relative_to(directory) for path in paths)


def _mmdebstrap(suite: Suite, wanted: Image, root: str) -> Iterator[str]:
    # As root of a user namespace it makes no devices; a lab mounts those that it needs.
    yield from ("mmdebstrap", "--mode=root", "--format=directory", "--variant=apt")
    yield f"--include={','.join(wanted.packages)}"
    for excluded in ("doc", "man", "locale"):
        yield f"--dpkgopt=path-exclude=/usr/share/{excluded}/*"
    yield '--aptopt=APT::Install-Recommends "false"'
    # The index of a testing release may be out of date at a mirror; it is signed all the same.
    yield '--aptopt=Acquire::Check-Valid-Until "false"'
    yield f"--setup-hook={NO_AUTOSTART}"
    if "rspamd" in wanted.packages:
        yield f"--customize-hook={WARM_RSPAMD}"
    yield from (suite.name, root, *sources(suite))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
