"""DKIM key records (RFC 6376 §3.6.1, RFC 8463 §4)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal, cast

from mailconf.formats.tags import TagListError, parse_tags, print_tags

KeyType = Literal["rsa", "ed25519"]


class DkimKeyError(ValueError):
    """The text is not a DKIM key record."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A public key as published; equality is by key octets, not by spelling.

    `key` is SubjectPublicKeyInfo DER for rsa, the raw 32 octets for ed25519, empty when revoked.
    """

    key: bytes
    type: KeyType = "rsa"
    flags: frozenset[str] = frozenset()

    def __str__(self) -> str:
        tags = {"v": "DKIM1", "k": self.type}
        if self.flags:
            tags["t"] = ":".join(sorted(self.flags))
        return print_tags(tags | {"p": base64.b64encode(self.key).decode("ascii")})

    @classmethod
    def parse(cls, text: str) -> DkimKey:
        """Read a record; white space inside p= is folded away (RFC 6376 §3.2)."""
        try:
            tags = parse_tags(text)
        except TagListError as why:
            raise DkimKeyError(str(why)) from None
        if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
            raise DkimKeyError("tag v must come first and be DKIM1")
        if tags.get("k", "rsa") not in ("rsa", "ed25519"):
            raise DkimKeyError(f"unknown key type k={tags['k']}")
        flags = frozenset(filter(None, tags.get("t", "").split(":")))
        return cls(_octets(tags), cast(KeyType, tags.get("k", "rsa")), flags)


def _octets(tags: dict[str, str]) -> bytes:
    if "p" not in tags:
        raise DkimKeyError("tag p is missing")
    try:
        return base64.b64decode("".join(tags["p"].split()), validate=True)
    except ValueError as why:
        raise DkimKeyError(f"p= is not base64: {why}") from None
