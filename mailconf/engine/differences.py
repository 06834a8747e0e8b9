"""Changes as text: the unified form that every review tool reads."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.engine.alike import matcher
from mailconf.engine.write import Change


def unified(change: Change) -> str:
    """Return one change as a unified diff; a missing side is /dev/null, of what may be a secret nothing is shown."""
    if change.is_secret:
        return f"{change.path} is {change.kind}; it may hold secrets\n"
    old = "/dev/null" if change.kind == "new" else f"a/{change.path}"
    new = "/dev/null" if change.kind == "removed" else f"b/{change.path}"
    return unified_texts(change.old, change.new, old, new)


def unified_texts(old: str, new: str, old_name: str, new_name: str) -> str:
    """Return two texts as a unified diff, as difflib writes it; empty where they are the same."""
    lines = _unified(old.splitlines(True), new.splitlines(True))
    body = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
    return f"--- {old_name}\n+++ {new_name}\n{body}" if body else ""


def _unified(old: list[str], new: list[str]) -> Iterator[str]:
    for group in matcher(old, new).get_grouped_opcodes():
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
        for tag, low, high, bottom, top in group:
            if tag == "equal":
                yield from (f" {line}" for line in old[low:high])
                continue
            yield from (f"-{line}" for line in old[low:high])
            yield from (f"+{line}" for line in new[bottom:top])


def _range(start: int, stop: int) -> str:
    """Write a range of lines: counted from 1, and an empty one by the line before it."""
    count = stop - start
    if count == 1:
        return str(start + 1)
    return f"{start + 1 if count else start},{count}"
