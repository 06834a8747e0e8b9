"""Standard output and error that may be full or closed: a command does its work all the same."""

from __future__ import annotations

import errno
import io
import os
import sys
from dataclasses import dataclass
from typing import TextIO, cast


@dataclass
class Streams:
    """Standard output and error of the command, whatever sys.stdout is meanwhile."""

    out: TextIO | None = None
    err: TextIO | None = None


OWN = Streams()


def output() -> TextIO:
    """Return where a command prints what it is asked for."""
    return OWN.out or sys.stdout


def keep_reports_apart() -> None:
    """Send what the code of plugins prints to standard error: standard output is the report's.

    That holds for descriptor 1 too, which what they start inherits.
    """
    if OWN.out and OWN.err and sys.stdout is not OWN.err:
        sys.stdout = OWN.err
        OWN.out.flush()
        cast("Output", OWN.out.buffer.raw).leave()  # type: ignore[attr-defined]
        os.dup2(2, 1)


class Output(io.RawIOBase):
    """A descriptor that takes everything; `fault` is why something of it was lost."""

    def __init__(self, descriptor: int, *, is_closed: bool) -> None:
        self._descriptor, self._is_closed = descriptor, is_closed
        self.fault: OSError | None = None

    def writable(self) -> bool:
        """Say yes: TextIOWrapper asks."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def leave(self) -> None:
        """Write by another descriptor from now on: the number it had is wanted."""
        self._descriptor = os.dup(self._descriptor)

    def isatty(self) -> bool:
        """Tell whether a person reads it."""
        return os.isatty(self._descriptor)

    def write(self, octets: bytes, /) -> int:  # type: ignore[override]
        """Write, or note that it cannot be done; what is lost counts as written."""
        if self.fault is None:
            try:
                if self._is_closed:
                    raise OSError(errno.EBADF, "it is closed")
                return os.write(self._descriptor, octets)
            except OSError as why:
                self.fault = why
        return len(octets)


def guarded() -> Output:
    """Replace both streams, those that are closed too; return what is behind standard output.

    They escape what their encoding does not have: a terminal need not know UTF-8.
    """
    out, err = sys.stdout, sys.stderr
    _keep_free()
    behind = Output(1, is_closed=out is None)
    OWN.out = sys.stdout = _text(behind, out)
    OWN.err = sys.stderr = _text(Output(2, is_closed=err is None), err)
    return behind


def ended(behind: Output, status: object) -> object:
    """Return the status of a command: 2 when its output is lost, unless the reader wants no more."""
    for stream in (OWN.out, OWN.err):
        if stream and not stream.closed:
            stream.flush()
    if behind.fault is None or behind.fault.errno == errno.EPIPE:
        return status
    if OWN.err:
        OWN.err.write(f"mailconf: cannot write to standard output: {behind.fault.strerror}\n")
    return 2


def _keep_free() -> None:
    """Give descriptors that are closed something to be: a file that is opened would be written to."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _text(raw: Output, before: TextIO | None) -> TextIO:
    return io.TextIOWrapper(
        io.BufferedWriter(raw),  # type: ignore[type-var]
        encoding=before.encoding if before else "utf-8",
        errors="backslashreplace",
        line_buffering=raw.isatty() or raw.fileno() == 2,  # noqa: PLR2004, standard error
    )
