"""Fetching the values behind references, only while a secret file is written."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path as File

from mailconf.model.secret import MARK, REFERENCE

EXEC_SECONDS = 30


class SecretError(Exception):
    """A reference could not be resolved; the message never holds a value."""


class Secrets:
    """Resolves references; relative files lie beside the spec."""

    def __init__(self, base: File) -> None:
        self._base = base
        self._known: dict[str, str] = {}

    def reveal(self, text: str) -> str:
        """Replace every marked reference in a rendered text by its value."""
        parts = text.split(MARK)
        parts[1::2] = [self.resolve(reference) for reference in parts[1::2]]
        return "".join(parts)

    def resolve(self, reference: str) -> str:
        """Return the value of one reference; raises SecretError."""
        if reference not in self._known:
            match = REFERENCE.fullmatch(reference)
            if not match:
                raise SecretError(f"{reference!r} is not a reference")
            fetch: dict[str, Callable[[str], str]] = {
                "env": _from_environment,
                "file": self._from_file,
                "exec": _from_command,
            }
            self._known[reference] = fetch[match[1]](match[2])
        return self._known[reference]

    def _from_file(self, path: str) -> str:
        try:
            return (self._base / path).read_text(encoding="utf-8").strip("\n")
        except (OSError, UnicodeDecodeError) as why:
            reason = getattr(why, "strerror", None) or "it is not UTF-8 text"
            raise SecretError(f"ref+file://{path}: {reason}") from None


def _from_environment(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SecretError(f"ref+env://{name}: the variable is not set")
    return value


def _from_command(command: str) -> str:
    """Run a command without a shell; what it prints is the secret, what it complains is not shown."""
    try:
        done = subprocess.run(
            shlex.split(command), capture_output=True, timeout=EXEC_SECONDS, check=True, text=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as why:
        raise SecretError(f"ref+exec://{command}: {type(why).__name__}") from None
    return done.stdout.strip("\n")
