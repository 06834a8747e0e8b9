"""Reports, recordings and logs as files: whole or not at all, and for their owner alone."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path as File

PRIVATE_MODE = 0o600
LIVE = (File("/dev"), File("/proc"))
"""Where names stand for streams: nothing is put in their place."""


def put_file(path: File, text: str, mode: int = PRIVATE_MODE) -> None:
    """Write a file beside its place and rename it; one that exists keeps its mode and owner.

    A symbolic link leads to the file that is replaced. A pipe, a terminal or a device is written to as
    it is. Raises OSError; nothing is left then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    octets = text.encode("utf-8", "backslashreplace")
    before = path.stat() if path.exists() else None
    if (before and not stat.S_ISREG(before.st_mode)) or _is_live(path):
        with path.open("wb") as stream:
            stream.write(octets)
        return
    real = path.resolve()
    staged = real.with_name(f".{real.name[:100]}.{secrets.token_hex(8)}")
    try:
        _write(staged, octets, mode, before)
        staged.replace(real)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def _is_live(path: File) -> bool:
    """Tell whether a path names a stream of a process, by itself or through links."""
    absolute = path.absolute()
    while absolute.is_symlink():
        if any(absolute.is_relative_to(root) for root in LIVE):
            return True
        absolute = absolute.parent / absolute.readlink()
    return any(absolute.is_relative_to(root) for root in LIVE)


def _write(staged: File, octets: bytes, mode: int, before: os.stat_result | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(staged, flags, PRIVATE_MODE)
    with os.fdopen(descriptor, "wb") as stream:
        if before:
            with suppress(PermissionError):
                os.fchown(descriptor, before.st_uid, before.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(before.st_mode) if before else mode)
        stream.write(octets)
        stream.flush()
        os.fsync(descriptor)
