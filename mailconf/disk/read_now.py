"""Reading a file that is there, without waiting for what is still to come."""

from __future__ import annotations

import errno
from typing import IO


def read_now(stream: IO[bytes], most: int) -> bytes:
    """Read at most so many octets; raises OSError where some have to be waited for, as in /proc/kmsg."""
    data: bytes | None = stream.read(most)
    if data is None:
        raise BlockingIOError(errno.EAGAIN, "has nothing to read now")
    return data
