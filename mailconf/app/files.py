"""Files that a command is asked to write beside its report."""

from __future__ import annotations

from pathlib import Path

from mailconf.app.errors import refuse
from mailconf.engine.replacing import put_file


def put(what: str, path: Path, text: str) -> None:
    """Write a file for its owner alone; raises CommandError."""
    try:
        put_file(path, text)
    except OSError as why:
        refuse(f"cannot write {what}: {why.strerror}")
