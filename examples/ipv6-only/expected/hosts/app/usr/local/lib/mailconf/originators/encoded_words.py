"""Encoded-words (RFC 2047 §2) in the display name of a From field."""

from __future__ import annotations

import base64
import re

ENCODED = re.compile(r"=\?([^?]+)\?([A-Za-z])\?([^?]*)\?=")
LONE = re.compile(r"=(?![0-9A-Fa-f]{2})")
HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


def may_hold_address(word: re.Match[str]) -> bool:
    """Tell whether a reader may find an at sign in an encoded-word; so it may where it is not readable."""
    charset, encoding, text = word.groups()
    try:
        octets = _octets(encoding.upper(), text)
        # A language may follow the character set (RFC 2231 §5).
        decoded = octets.decode(charset.partition("*")[0])
    except (ValueError, LookupError):
        return True
    return "@" in decoded or b"@" in octets


def _octets(encoding: str, text: str) -> bytes:
    """Return what is encoded (§4); raises ValueError."""
    if encoding == "B":
        return base64.b64decode(text, validate=True)
    if encoding == "Q" and not LONE.search(text):
        octets = text.encode("ascii").replace(b"_", b" ")
        return HEX.sub(lambda found: bytes([int(found[1], 16)]), octets)
    raise ValueError(f"{text!r} is not in {encoding}")
