"""DMARC policy records (RFC 9989 §4.7, §4.8)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from mailconf.formats.tags import TagListError, parse_tags, print_tags

Policy = Literal["none", "quarantine", "reject"]
Alignment = Literal["r", "s"]
POLICIES = get_args(Policy)


class DmarcError(ValueError):
    """The text is not a DMARC record; the message names the tag."""


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """The tags that have a meaning under RFC 9989, with its defaults.

    `sp` and `np` are empty when the record leaves them to p (§4.7); unknown tags are not kept.
    """

    p: Policy
    sp: Policy | Literal[""] = ""
    np: Policy | Literal[""] = ""
    adkim: Alignment = "r"
    aspf: Alignment = "r"
    t: Literal["y", "n"] = "n"
    rua: tuple[str, ...] = ()
    ruf: tuple[str, ...] = ()

    def __str__(self) -> str:
        # p second: readers of RFC 7489 §6.3 insist on it.
        tags = {"v": "DMARC1", "p": self.p}
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if value != field.default:
                tags[field.name] = ",".join(value) if isinstance(value, tuple) else value
        return print_tags(tags)

    @classmethod
    def parse(cls, text: str) -> DmarcRecord:
        """Read a record strictly: known tags must have legal values."""
        try:
            tags = parse_tags(text)
        except TagListError as why:
            raise DmarcError(str(why)) from None
        if next(iter(tags), "") != "v" or tags["v"] != "DMARC1":
            raise DmarcError("must start with v=DMARC1")
        return cls(
            p=cast(Policy, _choice(tags, "p", POLICIES, None)),
            sp=cast(Policy, _choice(tags, "sp", POLICIES, "")),
            np=cast(Policy, _choice(tags, "np", POLICIES, "")),
            adkim=cast(Alignment, _choice(tags, "adkim", ("r", "s"), "r")),
            aspf=cast(Alignment, _choice(tags, "aspf", ("r", "s"), "r")),
            t=cast(Literal["y", "n"], _choice(tags, "t", ("y", "n"), "n")),
            rua=_uris(tags, "rua"),
            ruf=_uris(tags, "ruf"),
        )


def _choice(tags: dict[str, str], tag: str, legal: tuple[str, ...], default: str | None) -> str:
    value = tags.get(tag, default)
    if value is None:
        raise DmarcError(f"tag {tag} is missing")
    if tag in tags and value.lower() not in legal:
        raise DmarcError(f"{tag}={value} is not one of {', '.join(legal)}")
    return value.lower()


def _uris(tags: dict[str, str], tag: str) -> tuple[str, ...]:
    """Read a comma-separated list of URIs (§4.8); commas inside a URI are percent-encoded."""
    uris = tuple(uri.strip() for uri in tags.get(tag, "").split(",") if uri.strip())
    for uri in uris:
        if not urlsplit(uri).scheme:
            raise DmarcError(f"{tag}: {uri!r} has no scheme such as mailto:")
    return uris
