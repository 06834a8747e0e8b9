"""Tag lists `v=X; a=b` as DKIM, DMARC, MTA-STS and TLSRPT records write them (RFC 6376 §3.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

TAG = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class TagListError(ValueError):
    """The text is not a tag list; the message names the position (octets from 0)."""


def parse_tags(text: str) -> dict[str, str]:
    """Return the tags in order; raises TagListError on a malformed or repeated tag."""
    tags: dict[str, str] = {}
    position = 0
    for part in text.split(";"):
        if part.strip() == "" and position + len(part) == len(text) and tags:
            break
        name, equals, value = part.partition("=")
        name = name.strip()
        if not equals or not TAG.fullmatch(name):
            raise TagListError(f"at {position}: {part.strip()!r} is not tag=value")
        if name in tags:
            raise TagListError(f"at {position}: tag {name!r} stands twice")
        tags[name] = value.strip()
        position += len(part) + 1
    return tags


def print_tags(tags: Mapping[str, str]) -> str:
    """Write tags in the order given, without a final semicolon."""
    return "; ".join(f"{name}={value}" for name, value in tags.items())
