"""DKIM key records (RFC 6376 §3.6.1, RFC 8463 §4)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Literal, cast

from mailconf.formats.error import FormatError
from mailconf.formats.tags import TAG_LIST, Tags, base64_octets, parse_tags, print_tags

KeyType = Literal["rsa", "ed25519"]
ED25519_OCTETS = 32
RULE = "RFC 6376 §3.6.1"
WORD = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
"""hyphenated-word (§3.6.1): flags, hashes, services."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A public key as published; equality is by key octets, not by spelling.

    `key` is SubjectPublicKeyInfo DER for rsa, the raw 32 octets for ed25519, empty when revoked.
    `hashes` and `services` are empty where the record leaves them open: all of them.
    """

    key: bytes
    type: KeyType = "rsa"
    flags: frozenset[str] = frozenset()
    hashes: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    notes: str = ""

    def __str__(self) -> str:
        tags = {"v": "DKIM1"} | ({"k": self.type} if self.key or self.type != "rsa" else {})
        for tag, words in (("h", self.hashes), ("s", self.services), ("t", self.flags)):
            if words:
                tags[tag] = ":".join(sorted(words))
        if self.notes:
            tags["n"] = self.notes
        return print_tags(tags | {"p": base64.b64encode(self.key).decode("ascii")})

    @property
    def is_revoked(self) -> bool:
        """Tell whether the key was taken back: no signature with it counts any more."""
        return not self.key

    @classmethod
    def parse(cls, text: str) -> DkimKey:
        """Read a record; white space inside p= is folded away (RFC 6376 §3.2)."""
        tags = parse_tags(text)
        if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
            raise tags.fault("v", "tag v must come first and be DKIM1", f"{RULE} key-v-tag")
        kind = tags.get("k", "rsa")
        if kind not in ("rsa", "ed25519"):
            raise tags.fault("k", f"unknown key type k={kind}", f"{RULE} key-k-tag")
        services = _words(tags, "s", allowed="*")
        return cls(
            key=_octets(tags, kind),
            type=cast(KeyType, kind),
            flags=_words(tags, "t"),
            hashes=_words(tags, "h"),
            services=frozenset() if "*" in services else services,
            notes=tags.get("n", ""),
        )

    @classmethod
    def parse_leniently(cls, text: str) -> tuple[DkimKey | None, tuple[FormatError, ...]]:
        """Return what a verifier makes of a record: the key, or None and why it has none."""
        try:
            return cls.parse(text), ()
        except FormatError as fault:
            return None, (fault,)


def _words(tags: Tags, tag: str, allowed: str | None = None) -> frozenset[str]:
    """Read a list of words with colons between (§3.6.1)."""
    if tag not in tags:
        return frozenset()
    words = [word.strip(TAG_LIST.space) for word in tags[tag].split(":")]
    for word in words:
        if word != allowed and not WORD.fullmatch(word):
            raise tags.fault(
                tag, f"{tag}={tags[tag]}: {word!r} is no word", f"{RULE} key-{tag}-tag"
            )
    return frozenset(words)


def _octets(tags: Tags, kind: str) -> bytes:
    if "p" not in tags:
        raise tags.fault("p", "tag p is missing", f"{RULE} key-p-tag")
    try:
        octets = base64_octets(tags["p"])
    except ValueError as why:
        raise tags.fault("p", f"p= is not base64: {why}", f"{RULE} key-p-tag") from None
    if kind == "ed25519" and octets and len(octets) != ED25519_OCTETS:
        message = f"p= holds {len(octets)} octets, an Ed25519 key has {ED25519_OCTETS}"
        raise tags.fault("p", message, "RFC 8463 §4")
    return octets
