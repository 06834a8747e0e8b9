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
    if (path.exists() and not path.is_file()) or _is_live(path):
        with path.open("wb") as stream:
            stream.write(_octets(text))
        return
    replace_file(path.resolve(), text, mode)


def replace_file(path: File, text: str, mode: int) -> None:
    """Write a file beside its place and rename it; a symbolic link there is replaced, not followed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}")
    before = path.lstat() if path.is_file() and not path.is_symlink() else None
    try:
        _write(staged, _octets(text), mode, before)
        staged.replace(path)
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


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


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
