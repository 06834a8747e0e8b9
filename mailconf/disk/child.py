"""Commands that mailconf starts: each ends with it, and has limits of output and time."""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import IO

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
CHUNK = 65_536


def ending_with_us() -> Callable[[], None]:
    """Return a `preexec_fn`: the kernel ends the child when this process ends, however it ends.

    It calls prctl(2), which only Linux has, and nothing that could wait for a lock.
    """
    parent, prctl = os.getpid(), getattr(LIBC, "prctl", None)

    def tie() -> None:
        if prctl:
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        # We may have ended before that took effect.
        if os.getppid() != parent:
            os._exit(1)

    return tie


def first_octets(command: Sequence[str], most: int, seconds: float) -> bytes:
    """Return what a command prints; of more than `most` octets one too many, and the command is ended.

    Raises OSError, and subprocess.SubprocessError for a status other than 0 or a passed deadline.
    """
    deadline = time.monotonic() + seconds
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=ending_with_us(),  # noqa: PLW1509, it takes no lock
    ) as process:
        try:
            octets = _read(process, most, deadline)
            status = process.wait(_left(process, deadline)) if len(octets) <= most else 0
        finally:
            process.kill()
    if status:
        raise subprocess.CalledProcessError(status, command)
    return octets


def _read(process: subprocess.Popen[bytes], most: int, deadline: float) -> bytes:
    """Read to the end, one octet beyond `most`, or up to the deadline: a child of the command may hold the pipe."""
    stream: IO[bytes] = process.stdout  # type: ignore[assignment]
    octets = b""
    with selectors.DefaultSelector() as ready:
        ready.register(stream, selectors.EVENT_READ)
        while len(octets) <= most:
            if not ready.select(_left(process, deadline)):
                continue
            chunk = os.read(stream.fileno(), min(CHUNK, most + 1 - len(octets)))
            if not chunk:
                break
            octets += chunk
    return octets


def _left(process: subprocess.Popen[bytes], deadline: float) -> float:
    """Return the seconds that are left; raises TimeoutExpired when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise subprocess.TimeoutExpired(process.args, 0)
    return left
