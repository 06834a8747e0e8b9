"""Fetching the values behind references, only while a secret file is written."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path as File

from mailconf.disk.child import first_octets
from mailconf.disk.read_now import read_now
from mailconf.formats.secret_values import SecretValueError, one_line, private_key, spelled
from mailconf.model.hiding import Hidden
from mailconf.model.secret import MARK, REFERENCE, unmarked

EXEC_SECONDS = 60
MAX_OCTETS = 65_536


class SecretError(Exception):
    """A reference yields no usable value; the message never holds a value."""


class Secrets:
    """Resolves references; relative files lie beside the spec."""

    def __init__(self, base: File, hidden: Hidden | None = None) -> None:
        self._base = base
        self.hidden = Hidden() if hidden is None else hidden
        """Takes every value, so that it is not shown."""
        self._known: dict[str, bytes | SecretError] = {}

    def reveal(self, text: str) -> str:
        """Replace every marked reference in a rendered text by its value, as the file spells it."""
        parts = text.split(MARK)
        parts[1::2] = [self._written(inner) for inner in parts[1::2]]
        return "".join(parts)

    def faults(self, text: str) -> Iterator[tuple[str, SecretError]]:
        """Yield each reference in a rendered text that yields no usable value, and why."""
        for inner in text.split(MARK)[1::2]:
            try:
                self._written(inner)
            except SecretError as why:
                yield unmarked(inner)[1], why

    def resolve(self, reference: str) -> str:
        """Return the line behind one reference; raises SecretError."""
        return self._read(reference, one_line)

    def fetch(self, reference: str) -> bytes:
        """Return what stands behind a reference, as it is; raises SecretError."""
        match = REFERENCE.fullmatch(reference)
        if not match:
            raise SecretError("not a reference")
        fetch: dict[str, Callable[[str], bytes]] = {
            "env": _from_environment,
            "file": self._from_file,
            "exec": _from_command,
        }
        octets = fetch[match[1]](match[2])
        if len(octets) > MAX_OCTETS:
            raise SecretError(f"{reference}: the value has more than {MAX_OCTETS} octets")
        return octets

    def _written(self, inner: str) -> str:
        form, reference = unmarked(inner)
        if form == "key":
            return self._read(reference, private_key)
        value = self._read(reference, lambda octets: spelled(form, one_line(octets)))
        self.resolve(reference)
        return value

    def _read(self, reference: str, read: Callable[[bytes], str]) -> str:
        try:
            value = read(self._once(reference))
        except SecretValueError as why:
            raise SecretError(f"{reference}: the value {why}") from None
        self.hidden.add(value)
        return value

    def _once(self, reference: str) -> bytes:
        """A command runs once, whether it fails or not."""
        if reference not in self._known:
            try:
                self._known[reference] = self.fetch(reference)
            except SecretError as why:
                self._known[reference] = why
        found = self._known[reference]
        if isinstance(found, SecretError):
            raise found.with_traceback(None)
        return found

    def _from_file(self, path: str) -> bytes:
        try:
            # A FIFO or a device would be waited for: it is opened without waiting, and refused.
            descriptor = os.open(self._base / path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as stream:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise SecretError(f"ref+file://{path}: it is not a regular file")
                return read_now(stream, MAX_OCTETS + 1)
        except OSError as why:
            raise SecretError(f"ref+file://{path}: {why.strerror}") from None


def _from_environment(name: str) -> bytes:
    value = os.environb.get(os.fsencode(name))
    if value is None:
        raise SecretError(f"ref+env://{name}: the variable is not set")
    return value


def _from_command(command: str) -> bytes:
    """Run a command without a shell; what it prints is the secret, what it complains is not shown."""
    try:
        return first_octets(shlex.split(command), MAX_OCTETS, EXEC_SECONDS)
    except (OSError, ValueError, subprocess.SubprocessError) as why:
        raise SecretError(f"ref+exec://{command}: {_why(why)}") from None


def _why(why: Exception) -> str:
    """Say how a command failed; only its name and its status are shown."""
    if isinstance(why, FileNotFoundError):
        return "command not found"
    if isinstance(why, subprocess.TimeoutExpired):
        return f"not finished after {EXEC_SECONDS} s"
    if isinstance(why, subprocess.CalledProcessError):
        ended = why.returncode < 0
        return (
            f"ended by signal {-why.returncode}"
            if ended
            else f"exited with status {why.returncode}"
        )
    return getattr(why, "strerror", None) or str(why).lower()
