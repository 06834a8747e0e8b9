"""Results of verification in a header (RFC 8601): which host wrote them, and whether DMARC failed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from .fields import has_cut_line

RESULTS = "authentication-results"
FIELDS = (RESULTS, f"arc-{RESULTS}")
DMARC = re.compile(r"\bdmarc\s*=\s*([a-z]*)", re.IGNORECASE)
# Without a policy in DNS there is nothing to pass.
NOT_FAILED = ("pass", "none")


def failed_dmarc(values: Iterable[str], hostnames: Collection[str]) -> bool:
    """Tell whether a host of the site has found that DMARC does not pass, from its results.

    Anything that says so counts, wherever it stands: what a stranger has put into a comment or a quoted
    sender cannot hide the result.
    """
    ours = (value for value in values if _is_of(value, hostnames))
    return any(found.lower() not in NOT_FAILED for value in ours for found in DMARC.findall(value))


def may_be_of(name: str, value: str, hostnames: Collection[str]) -> bool:
    """Tell whether a field has results that claim to be of a host, or may once Postfix has broken a line."""
    is_results = name.strip().lower() in FIELDS
    return is_results and (has_cut_line(name, value) or _is_of(value, hostnames))


def _is_of(value: str, hostnames: Collection[str]) -> bool:
    """Tell whether results claim to be of a host (RFC 8601 §2.5): `host;`, or `i=1; host;`.

    RFC 8601 §5: results under any name of the site are forged when they come from outside.
    """
    plain = _without_comments(value).replace('"', "").replace("\\", "").lower()
    # Some readers join a name around its dots, and some take `/1` for a version.
    joined = re.sub(r" ?\. ?", ".", re.sub(r"\s+", " ", plain))
    words = [word.strip(".") for word in re.split(r"[\s;=/]+", joined) if word.strip(".")]
    return any(word in hostnames for word in (words[2:3] if words[:1] == ["i"] else words[:1]))


def _without_comments(value: str) -> str:
    """Replace each comment with a space; comments may hold comments and quoted pairs (RFC 5322 §3.2.2)."""
    kept, depth, escaped = [], 0, False
    for sign in value:
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
            sign = " "  # noqa: PLW2901, a comment stands for a space
        kept += [] if depth else [sign]
    return "".join(kept)
