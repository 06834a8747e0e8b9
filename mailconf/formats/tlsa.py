"""TLSA records (RFC 6698 §2, names of RFC 7218)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailconf.formats.error import FormatError

RULE = "RFC 6698 §2.2"
LARGEST = 255
# §2.1.3: how long an association is, in octets, by matching type.
DIGEST_OCTETS = {1: 32, 2: 64}


@dataclass(frozen=True, slots=True)
class Tlsa:
    """What a certificate must be like: usage, selector, matching type, association data."""

    usage: int
    selector: int
    matching: int
    data: bytes

    def __str__(self) -> str:
        return f"{self.usage} {self.selector} {self.matching} {self.data.hex()}"

    @classmethod
    def parse(cls, text: str) -> Tlsa:
        """Read presentation form; hexadecimal digits may stand in groups."""
        words = list(re.finditer(r"[^ \t]+", text))
        names = ("usage", "selector", "matching type")
        if len(words) <= len(names):
            raise FormatError("expected three numbers and hexadecimal digits", len(text), RULE)
        usage, selector, matching = (
            _number(word, name) for word, name in zip(words, names, strict=False)
        )
        digits = "".join(word[0] for word in words[3:])
        if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", digits):
            raise FormatError("the data is not pairs of hexadecimal digits", words[3].start(), RULE)
        data, wanted = bytes.fromhex(digits), DIGEST_OCTETS.get(matching)
        if wanted and len(data) != wanted:
            message = f"{len(data)} octets of data, matching type {matching} has {wanted}"
            raise FormatError(message, words[3].start(), "RFC 6698 §2.1.3")
        return cls(usage, selector, matching, data)


def _number(word: re.Match[str], name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", word[0]) or int(word[0]) > LARGEST:
        raise FormatError(f"{name} {word[0]!r} is not a number up to {LARGEST}", word.start(), RULE)
    return int(word[0])
