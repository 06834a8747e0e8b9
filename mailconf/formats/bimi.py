"""BIMI records (draft-brand-indicators-for-message-identification, state of 2026): where the logo is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailconf.formats.tags import Grammar, Tags, parse_tags, print_tags

GRAMMAR = Grammar("draft-brand-indicators-for-message-identification §4.2")
HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[!-+\--:<-~]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BimiRecord:
    """The record at <selector>._bimi.<domain>; without a location the domain wants no logo shown."""

    location: str = ""
    authority: str = ""
    """Evidence that the mark is the domain's own (VMC, CMC), PEM."""

    def __str__(self) -> str:
        tags = {"v": "BIMI1", "l": self.location}
        return print_tags(tags | ({"a": self.authority} if self.authority else {}))

    @property
    def is_declined(self) -> bool:
        """Tell whether the domain says that no logo is to be shown."""
        return not self.location

    @classmethod
    def parse(cls, text: str) -> BimiRecord:
        """Read a record; tags that are not known are ignored."""
        tags = parse_tags(text, GRAMMAR)
        if next(iter(tags)) != "v" or tags["v"] != "BIMI1":
            raise tags.fault("v", "must start with v=BIMI1")
        if "l" not in tags:
            raise tags.fault("l", "tag l is missing: it may be empty, but not left out")
        return cls(_https(tags, "l"), _https(tags, "a"))


def _https(tags: Tags, tag: str) -> str:
    uri = tags.get(tag, "")
    if uri and not HTTPS.fullmatch(uri):
        raise tags.fault(tag, f"{tag}={uri} is no https:// URI")
    return uri
