"""ARC header fields (RFC 8617 §4.1): who handled a message, what it was then, and what was thought of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from mailconf.formats.authentication_results import AuthenticationResults
from mailconf.formats.dkim_signature import DkimSignature
from mailconf.formats.error import FormatError
from mailconf.formats.tags import Tags, parse_tags

ChainValidation = Literal["none", "pass", "fail"]
MOST_SETS = 50
SEAL_RULE = "RFC 8617 §4.1.3"


@dataclass(frozen=True, slots=True)
class ArcSeal:
    """ARC-Seal: a signature over all sets so far, with what the sealer thought of those before."""

    instance: int
    cv: ChainValidation
    signature: DkimSignature

    @classmethod
    def parse(cls, text: str) -> ArcSeal:
        """Read the value of a header field; h= and bh= have no place in a seal."""
        tags = parse_tags(text)
        for tag in ("h", "bh", "c", "l"):
            if tag in tags:
                raise tags.fault(tag, f"tag {tag} must not stand in a seal", SEAL_RULE)
        if tags.get("cv") not in get_args(ChainValidation):
            raise tags.fault("cv", f"cv={tags.get('cv', '')} is not none, pass or fail", SEAL_RULE)
        number = _instance(tags)
        # What a seal signs is fixed: its field list and the canonicalization are not written down.
        del tags["i"]
        tags |= {"h": "from", "bh": "AAAA", "c": "relaxed/relaxed"}
        signature = replace(DkimSignature.of(tags), fields=(), body_hash=b"")
        return cls(number, cast(ChainValidation, tags["cv"]), signature)


@dataclass(frozen=True, slots=True)
class ArcMessageSignature:
    """ARC-Message-Signature: a DKIM signature with an instance instead of an identity."""

    instance: int
    signature: DkimSignature

    @classmethod
    def parse(cls, text: str) -> ArcMessageSignature:
        """Read the value of a header field; seals must not be among what it signs."""
        tags = parse_tags(text)
        number = _instance(tags)
        del tags["i"]
        signature = DkimSignature.of(tags)
        if "arc-seal" in (name.lower() for name in signature.fields):
            raise tags.fault("h", "seals must not be signed here", "RFC 8617 §4.1.2")
        return cls(number, signature)


@dataclass(frozen=True, slots=True)
class ArcAuthenticationResults:
    """ARC-Authentication-Results: what the handler found out, with an instance before it."""

    instance: int
    results: AuthenticationResults

    @classmethod
    def parse(cls, text: str) -> ArcAuthenticationResults:
        """Read the value of a header field; what cannot be read of the results is left out."""
        head, semicolon, rest = text.partition(";")
        name, equals, number = head.partition("=")
        if name.strip() != "i" or not equals or not semicolon:
            raise FormatError("must start with i=", 0, "RFC 8617 §4.1.1")
        value = _number(number.strip(), 0, "RFC 8617 §4.1.1")
        return cls(value, AuthenticationResults.parse_leniently(rest)[0])


def _instance(tags: Tags) -> int:
    if "i" not in tags:
        raise tags.fault("i", "tag i is missing", "RFC 8617 §4.2.1")
    return _number(tags["i"], 0, "RFC 8617 §4.2.1")


def _number(text: str, position: int, rule: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_SETS:
        raise FormatError(f"i={text} is not 1 to {MOST_SETS}", position, rule)
    return int(text)
