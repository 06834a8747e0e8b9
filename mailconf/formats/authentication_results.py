"""Authentication-Results header fields (RFC 8601 §2.2): which method came to which result."""

from __future__ import annotations

import re
from dataclasses import dataclass

COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:/\s*\d+\s*)?=\s*([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header field: who says it, and (method, result) pairs in order."""

    authserv_id: str
    results: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        said = "; ".join(f"{method}={result}" for method, result in self.results) or "none"
        return f"{self.authserv_id}; {said}"

    @classmethod
    def parse(cls, text: str) -> AuthenticationResults:
        """Read a header value; comments, reasons and properties are left out."""
        plain = re.sub(r"\s+", " ", text)
        while COMMENT.search(plain):
            plain = COMMENT.sub("", plain)
        authserv_id, *said = re.sub(r'"[^"]*"', '""', plain).split(";")
        found = (RESULT.match(part) for part in said)
        results = tuple((m[1].lower(), m[2].lower()) for m in found if m)
        return cls(authserv_id.strip().partition(" ")[0].lower(), results)
