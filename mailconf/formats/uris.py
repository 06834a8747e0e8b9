"""URIs as records hold them (RFC 3986 §2, §3): characters and escapes, not what schemes make of them."""

from __future__ import annotations

import re

SIGN = r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
URI = re.compile(rf"([A-Za-z][A-Za-z0-9+.-]*):({SIGN}+)")


def is_uri(text: str, *schemes: str) -> bool:
    """Tell whether a text is an absolute URI, of one of these schemes where any are given."""
    match = URI.fullmatch(text)
    if not match or (schemes and match[1].lower() not in schemes):
        return False
    # https://… names a host (RFC 9110 §4.2.2).
    return match[1].lower() not in ("http", "https") or bool(re.match(r"//[^/?#]", match[2]))
