"""DKIM-Signature header fields (RFC 6376 §3.5)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Literal, cast

from mailconf.formats.tags import TAG_LIST, Tags, parse_tags

Canonicalization = Literal["simple", "relaxed"]
WAYS = ("simple", "relaxed")
RULE = "RFC 6376 §3.5"
REQUIRED = ("v", "a", "b", "bh", "d", "h", "s")
LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
FIELD_NAME = re.compile(r"[\x21-\x39\x3b-\x7e]+")
NUMBER = re.compile(r"[0-9]{1,76}")


@dataclass(frozen=True, slots=True)
class DkimSignature:
    """A signature as written: who signed which header fields and how much of the body.

    `header` and `body` are canonicalizations; `length` is in octets, None for the whole body;
    `signed` and `expires` are seconds since 1970, None where they are not said.
    """

    algorithm: str
    signature: bytes
    body_hash: bytes
    domain: str
    selector: str
    fields: tuple[str, ...]
    header: Canonicalization = "simple"
    body: Canonicalization = "simple"
    identity: str = ""
    length: int | None = None
    signed: int | None = None
    expires: int | None = None

    @property
    def key_name(self) -> str:
        """Where the public key is published."""
        return f"{self.selector}._domainkey.{self.domain}"

    @classmethod
    def parse(cls, text: str) -> DkimSignature:
        """Read the value of a header field, folded or not."""
        tags = parse_tags(text)
        for tag in REQUIRED:
            if tag not in tags:
                raise tags.fault(tag, f"tag {tag} is missing", RULE)
        if tags["v"] != "1":
            raise tags.fault("v", f"v={tags['v']} is not 1", f"{RULE} sig-v-tag")
        header, body = _ways(tags)
        domain = _name(tags, "d").lower()
        return cls(
            algorithm=tags["a"].lower(),
            signature=_octets(tags, "b"),
            body_hash=_octets(tags, "bh"),
            domain=domain,
            selector=_name(tags, "s"),
            fields=_fields(tags),
            header=header,
            body=body,
            identity=_identity(tags, domain),
            length=_number(tags, "l"),
            signed=_number(tags, "t"),
            expires=_number(tags, "x"),
        )


def _ways(tags: Tags) -> tuple[Canonicalization, Canonicalization]:
    """Read c=: the body's is simple unless it is said (§3.5)."""
    header, _, body = tags.get("c", "simple").lower().partition("/")
    for way in (header, body or "simple"):
        if way not in WAYS:
            raise tags.fault(
                "c", f"c={tags['c']}: {way!r} is not simple or relaxed", f"{RULE} sig-c-tag"
            )
    return cast(Canonicalization, header), cast(Canonicalization, body or "simple")


def _name(tags: Tags, tag: str) -> str:
    if not NAME.fullmatch(tags[tag]):
        raise tags.fault(tag, f"{tag}={tags[tag]} is no name", f"{RULE} sig-{tag}-tag")
    return tags[tag]


def _octets(tags: Tags, tag: str) -> bytes:
    try:
        octets = base64.b64decode("".join(tags[tag].split()), validate=True)
    except ValueError as why:
        raise tags.fault(tag, f"{tag}= is not base64: {why}", f"{RULE} sig-{tag}-tag") from None
    if not octets:
        raise tags.fault(tag, f"{tag}= is empty", f"{RULE} sig-{tag}-tag")
    return octets


def _fields(tags: Tags) -> tuple[str, ...]:
    names = tuple(name.strip(TAG_LIST.space) for name in tags["h"].split(":"))
    for name in names:
        if not FIELD_NAME.fullmatch(name):
            raise tags.fault("h", f"{name!r} is no header field", f"{RULE} sig-h-tag")
    if "from" not in (name.lower() for name in names):
        raise tags.fault("h", "From is not signed", "RFC 6376 §5.4")
    return names


def _identity(tags: Tags, domain: str) -> str:
    """Read i=: an address at the signing domain or below it."""
    identity = tags.get("i", f"@{domain}")
    inner = identity.rpartition("@")[2].lower()
    if "@" not in identity or not (inner == domain or inner.endswith(f".{domain}")):
        raise tags.fault("i", f"i={identity} is not at {domain} or below", f"{RULE} sig-i-tag")
    return identity


def _number(tags: Tags, tag: str) -> int | None:
    if tag not in tags:
        return None
    if not NUMBER.fullmatch(tags[tag]):
        raise tags.fault(tag, f"{tag}={tags[tag]} is no number", f"{RULE} sig-{tag}-tag")
    return int(tags[tag])


def without_signature(field: bytes) -> bytes:
    """Return a DKIM-Signature header field with an empty b=, as it was signed (§3.7)."""
    return re.sub(rb"((?:^[^:]*:|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*", rb"\1", field, count=1)
