"""Changes as text: the unified form that every review tool reads."""

from __future__ import annotations

from difflib import unified_diff

from mailconf.engine.write import Change


def unified(change: Change) -> str:
    """Return one change as a unified diff; a missing side is /dev/null, of a secret nothing is shown."""
    if change.is_secret:
        return f"{change.path} is {change.kind}; it holds secrets\n"
    old = "/dev/null" if change.kind == "new" else f"a/{change.path}"
    new = "/dev/null" if change.kind == "removed" else f"b/{change.path}"
    lines = unified_diff(change.old.splitlines(True), change.new.splitlines(True), old, new)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
