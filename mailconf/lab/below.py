"""Files of a machine, opened from outside: no link that a daemon made leads out of its root."""

from __future__ import annotations

import ctypes
import errno
import os
import posixpath
import secrets
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as File

OPENAT2 = 437
"""The number of openat2(2) on every architecture; Linux 5.6 and later have it."""
RESOLVE_NO_MAGICLINKS, RESOLVE_IN_ROOT = 0x02, 0x10
READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
AT_MOST = 1 << 24
"""How many octets of a file are read."""
LIBC = ctypes.CDLL(None, use_errno=True)
Owner = tuple[int, int]


@contextmanager
def opened(root: File, path: str, flags: int) -> Iterator[int]:
    """Open a path as a process of the machine sees it, links and `..` included; raises OSError."""
    top = os.open(root, os.O_PATH | os.O_DIRECTORY)
    try:
        file = _openat2(top, path, flags | os.O_CLOEXEC)
    finally:
        os.close(top)
    try:
        yield file
    finally:
        os.close(file)


def _openat2(top: int, path: str, flags: int) -> int:
    how = struct.pack("QQQ", flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)
    while True:
        file = int(LIBC.syscall(OPENAT2, top, os.fsencode(path), how, len(how)))
        if file >= 0:
            return file
        # Something was renamed meanwhile: the kernel cannot say whether the root was left.
        if ctypes.get_errno() != errno.EAGAIN:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)


def read(root: File, path: str) -> str:
    """Return the text of a regular file; raises OSError."""
    with opened(root, path, READING) as file:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "is no regular file", path)
        with os.fdopen(os.dup(file), "rb") as stream:
            return stream.read(AT_MOST).decode("utf-8", "backslashreplace")


def write(root: File, path: str, text: str, owner: Owner, *, mode: int, changed: float) -> None:
    """Put a file in the place of whatever was there, a link included; raises OSError."""
    directory, name = posixpath.split(_plain(path))
    make_parents(root, directory, _root_of(root))
    new = f".mailconf-{secrets.token_hex(8)}"
    with opened(root, directory, os.O_PATH | os.O_DIRECTORY) as parent:
        file = os.open(new, CREATING, 0o600, dir_fd=parent)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fchown(file, *owner)
            os.fchmod(file, mode)
            os.utime(file, (changed, changed))
        os.rename(new, name, src_dir_fd=parent, dst_dir_fd=parent)


def make_directory(root: File, path: str, owner: Owner, mode: int) -> None:
    """Make a directory that may exist, and all above it; raises OSError."""
    make_parents(root, _plain(path), _root_of(root))
    with opened(root, _plain(path), os.O_RDONLY | os.O_DIRECTORY) as directory:
        os.fchown(directory, *owner)
        os.fchmod(directory, mode)


def make_parents(root: File, path: str, owner: Owner) -> None:
    """Make the directories of a path that are missing."""
    try:
        with opened(root, path, os.O_PATH | os.O_DIRECTORY):
            return
    except FileNotFoundError:
        above, name = posixpath.split(path)
    make_parents(root, above, owner)
    with opened(root, above, os.O_PATH | os.O_DIRECTORY) as parent:
        os.mkdir(name, 0o755, dir_fd=parent)
        os.chown(name, *owner, dir_fd=parent, follow_symlinks=False)


def _plain(path: str) -> str:
    """Return a path from the root without `..`: none leads above it."""
    return "/" + posixpath.normpath(f"/{path}").lstrip("/")


def _root_of(root: File) -> Owner:
    """Return the ids of the machine's own root."""
    top = root.stat()
    return top.st_uid, top.st_gid
