"""Comments in header fields (RFC 5322 §3.2.2): they may stand in each other, as deep as a sender likes."""

from __future__ import annotations

import re

OUTSIDE = re.compile(r'"(?:[^"\\]|\\.)*"|[^"\\(]+|\\.|["\\]', re.DOTALL)
"""A quoted string, in which a parenthesis is a sign like others, or what stands before the next one."""
INSIDE = re.compile(r"[^()\\]+|\\.|[()\\]", re.DOTALL)


def without_comments(text: str) -> str:
    """Return a header field's value with a space for each comment; one that is open takes the rest."""
    kept: list[str] = []
    at = 0
    while at < len(text):
        outside = OUTSIDE.match(text, at)
        if outside:
            kept.append(outside[0])
            at = outside.end()
        else:
            kept.append(" ")
            at = _behind(text, at)
    return "".join(kept)


def _behind(text: str, at: int) -> int:
    """Return where the comment that begins at an offset ends."""
    depth = 0
    for match in INSIDE.finditer(text, at):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    return len(text)
