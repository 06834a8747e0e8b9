"""Addresses in header fields (RFC 5322 §3.4), also as old programs write them (§4.4), read in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailconf.formats.comments import without_comments

QUOTED = r'"(?:[^"\\]|\\.)*"'
ANGLES = rf"<((?:{QUOTED}|\\.|[^\"<>\\])*)>"
PART = re.compile(rf'{QUOTED}|{ANGLES}|\[[^\[\]]*\]|\\.|[,;:]|[^"<\[,;:\\]+|.', re.DOTALL)
IN_QUOTES = re.compile(rf"\\.|{QUOTED}", re.DOTALL)


def addresses(value: str) -> Iterator[str]:
    """Yield the addresses of a field's value, without names, groups, comments and space.

    What has no domain, or two of them, is none.
    """
    plain: list[str] = []
    angled: str | None = None
    for match in PART.finditer(without_comments(value)):
        if match[0] in (",", ";"):
            yield from _address("".join(plain) if angled is None else angled)
            plain, angled = [], None
        elif match[0] == ":":  # what stood before is the name of a group
            plain, angled = [], None
        elif match[1] is not None:
            angled = match[1] if angled is None else angled
        else:
            plain.append(match[0])
    yield from _address("".join(plain) if angled is None else angled)


def _address(text: str) -> Iterator[str]:
    if text.lstrip().startswith("@"):  # a route (RFC 5322 §4.4, obs-route)
        text = text.partition(":")[2]
    bare = IN_QUOTES.sub(lambda quoted: "q" * len(quoted[0]), text)
    if bare.count("@") == 1:
        at = bare.index("@")
        domain = "".join(text[at + 1 :].split())
        if domain:
            yield f"{text[:at].strip()}@{domain}"
