"""DKIM-Signature header fields (RFC 6376 §3.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from mailconf.formats.tags import TAG_LIST, Tags, base64_octets, parse_tags

Canonicalization = Literal["simple", "relaxed"]
WAYS = ("simple", "relaxed")
RULE = "RFC 6376 §3.5"
REQUIRED = ("a", "b", "bh", "d", "h", "s")
# sub-domain of RFC 5321 §4.1.2; a signing domain has two of them at least, a selector may have one.
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
NAMES = {
    "d": re.compile(rf"{LABEL}(?:\.{LABEL})+"),
    "s": re.compile(rf"{LABEL}(?:\.{LABEL})*"),
}
INNER = re.compile(rf"{LABEL}(?:\.{LABEL})*")
LOCAL = re.compile(r'[^\s@"]*|"[^"]*"')
ALGORITHM = re.compile(r"[A-Za-z][A-Za-z0-9]*-[A-Za-z][A-Za-z0-9]*")
DNS = "dns/txt"
# No relay or mailing list that leaves a message intact adds one of these; who replays it might (§5.4, §8.15).
OVERSIGNED = (
    "From",
    "Reply-To",
    "Subject",
    "Date",
    "To",
    "Cc",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
"""Header fields to sign once more than they occur."""
FIELD_NAME = re.compile(r"[\x21-\x39\x3b-\x7e]+")
NUMBERS = {"l": re.compile(r"[0-9]{1,76}"), "t": re.compile(r"[0-9]{1,12}")}
NUMBERS["x"] = NUMBERS["t"]


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
    queries: tuple[str, ...] = (DNS,)

    @property
    def can_be_asked_for(self) -> bool:
        """Tell whether the key is in DNS: no other way to get at one is known (§3.5 q)."""
        return DNS in self.queries

    @property
    def key_name(self) -> str:
        """Where the public key is published."""
        return f"{self.selector}._domainkey.{self.domain}"

    @classmethod
    def parse(cls, text: str) -> DkimSignature:
        """Read the value of a header field, folded or not."""
        tags = parse_tags(text)
        if tags.get("v") != "1":
            raise tags.fault("v", f"v={tags.get('v', '')} is not 1", f"{RULE} sig-v-tag")
        return cls.of(tags)

    @classmethod
    def of(cls, tags: Tags) -> DkimSignature:
        """Read the tags that signatures of every kind have; raises FormatError."""
        for tag in REQUIRED:
            if tag not in tags:
                raise tags.fault(tag, f"tag {tag} is missing", RULE)
        header, body = _ways(tags)
        domain = _name(tags, "d").lower()
        signed, expires = _number(tags, "t"), _number(tags, "x")
        if signed is not None and expires is not None and expires <= signed:
            raise tags.fault("x", f"x={expires} is not after t={signed}", f"{RULE} sig-x-tag")
        return cls(
            algorithm=_algorithm(tags),
            signature=_octets(tags, "b"),
            body_hash=_octets(tags, "bh"),
            domain=domain,
            selector=_name(tags, "s"),
            fields=_fields(tags),
            header=header,
            body=body,
            identity=_identity(tags, domain),
            length=_number(tags, "l"),
            signed=signed,
            expires=expires,
            queries=tuple(q.strip(TAG_LIST.space).lower() for q in tags.get("q", DNS).split(":")),
        )


def _ways(tags: Tags) -> tuple[Canonicalization, Canonicalization]:
    """Read c=: the body's is simple unless it is said (§3.5)."""
    header, slash, body = tags.get("c", "simple").lower().partition("/")
    for way in (header, body if slash else "simple"):
        if way not in WAYS:
            raise tags.fault(
                "c", f"c={tags['c']}: {way!r} is not simple or relaxed", f"{RULE} sig-c-tag"
            )
    return cast(Canonicalization, header), cast(Canonicalization, body or "simple")


def _algorithm(tags: Tags) -> str:
    if not ALGORITHM.fullmatch(tags["a"]):
        message = f"a={tags['a']} is not key-hash, such as rsa-sha256"
        raise tags.fault("a", message, f"{RULE} sig-a-tag")
    return tags["a"].lower()


def _name(tags: Tags, tag: str) -> str:
    if not NAMES[tag].fullmatch(tags[tag]):
        raise tags.fault(tag, f"{tag}={tags[tag]} is no name", f"{RULE} sig-{tag}-tag")
    return tags[tag]


def _octets(tags: Tags, tag: str) -> bytes:
    try:
        octets = base64_octets(tags[tag])
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
    local, at, _ = identity.rpartition("@")
    is_below = inner == domain or inner.endswith(f".{domain}")
    if not at or not is_below or not INNER.fullmatch(inner) or not LOCAL.fullmatch(local):
        raise tags.fault("i", f"i={identity} is not at {domain} or below", f"{RULE} sig-i-tag")
    return identity


def _number(tags: Tags, tag: str) -> int | None:
    if tag not in tags:
        return None
    if not NUMBERS[tag].fullmatch(tags[tag]):
        raise tags.fault(tag, f"{tag}={tags[tag]} is no number", f"{RULE} sig-{tag}-tag")
    return int(tags[tag])


def without_signature(field: bytes) -> bytes:
    """Return a DKIM-Signature header field with an empty b=, as it was signed (§3.7)."""
    return re.sub(rb"((?:^[^:]*:|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*", rb"\1", field, count=1)
