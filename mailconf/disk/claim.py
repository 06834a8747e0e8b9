"""One writer at a time: a lock on the folder itself, which no file is needed for."""

from __future__ import annotations

import errno
import fcntl

UNLOCKABLE = (errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.EOPNOTSUPP)
"""What file systems say that have no locks of folders, such as NFS."""


class FolderBusyError(Exception):
    """Another process writes into the folder; the message says so."""


def claim(descriptor: int, name: str) -> None:
    """Lock an open folder until it is closed, or this process ends; raises FolderBusyError."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderBusyError(f"{name}: another mailconf is writing here") from None
    except OSError as why:
        if why.errno not in UNLOCKABLE:
            raise
