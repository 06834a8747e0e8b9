"""DMARC policy records (RFC 9989 §4.7, §4.8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import fields as columns
from functools import partial
from typing import Literal, cast, get_args

from mailconf.formats.error import FormatError
from mailconf.formats.tags import Field, Grammar, Tags, fields, parse_tags, print_tags
from mailconf.formats.uris import is_uri

Policy = Literal["none", "quarantine", "reject"]
Alignment = Literal["r", "s"]
POLICIES = get_args(Policy)
NAME = re.compile(r"[A-Za-z]+")
GRAMMAR = Grammar("RFC 9989 §4.8 dmarc-record", NAME, empty=False, fold_case=True)
VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)")
CHOICES = {
    "p": POLICIES,
    "sp": POLICIES,
    "np": POLICIES,
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "psd": ("y", "n", "u"),
    "t": ("y", "n"),
}
OPTIONS = ("0", "1", "d", "s")
# Both must be percent-encoded: one separates URIs, the other stood before a size (RFC 7489).
ENCODED = ",!"
SIZE = re.compile(r"![0-9]+[kmgt]?$", re.IGNORECASE)


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
    psd: Literal["y", "n", "u"] = "u"
    fo: tuple[str, ...] = ("0",)

    def __str__(self) -> str:
        # p second: readers of RFC 7489 §6.3 insist on it.
        tags = {"v": "DMARC1", "p": self.p}
        for field in columns(self)[1:]:
            value = getattr(self, field.name)
            if value != field.default:
                sign = ":" if field.name == "fo" else ","
                tags[field.name] = sign.join(value) if isinstance(value, tuple) else value
        return print_tags(tags)

    @property
    def meaning(self) -> DmarcRecord:
        """The same record with what it leaves open said: sp, np (§4.7)."""
        below = self.sp or self.p
        return replace(self, sp=below, np=self.np or below)

    @classmethod
    def parse(cls, text: str) -> DmarcRecord:
        """Read a record strictly: known tags must have legal values."""
        if not is_record(text):
            raise FormatError("must start with v=DMARC1", 0, "RFC 9989 §4.8 dmarc-version")
        tags = parse_tags(text, GRAMMAR)
        reports = _uris(tags, "rua")
        if "p" not in tags and not reports:
            raise tags.fault("p", "neither a policy (p) nor an address for reports (rua)")
        return _record(tags, reports, _uris(tags, "ruf"))

    @classmethod
    def parse_leniently(cls, text: str) -> tuple[DmarcRecord | None, tuple[FormatError, ...]]:
        """Return what a receiver makes of a record, and what is wrong with it (§4.7, §4.10.1).

        Illegal values count as absent. A policy that is missing or illegal makes the record one
        of p=none where somebody is to get reports; otherwise it is None: no DMARC. Raises
        FormatError for a text that no receiver takes for a DMARC record.
        """
        if not is_record(text):
            raise FormatError("must start with v=DMARC1", 0, "RFC 9989 §4.8 dmarc-version")
        tags, faults = readable(text)
        legal = dict(tags)
        uris = {tag: _legal_uris(tags, tag, faults) for tag in ("rua", "ruf")}
        for tag, read in READERS.items():
            try:
                read(tags)
            except FormatError as fault:
                faults.append(fault)
                del legal[tag]
        broken = "p" not in legal or any(tag in tags and tag not in legal for tag in ("sp", "np"))
        if broken and not uris["rua"]:
            faults += [tags.fault("p", "no legal policy, and nobody to report to")]
            return None, tuple(faults)
        if broken:
            legal = {k: v for k, v in legal.items() if k not in ("sp", "np")} | {"p": "none"}
        return _record(legal, uris["rua"], uris["ruf"]), tuple(faults)


def is_record(text: str) -> bool:
    """Tell whether a receiver takes a TXT record for a DMARC record: its version comes first."""
    return bool(VERSION.match(text))


def psd_of(text: str) -> str:
    """Return y, n or u: where an organization ends, said also by a record without a policy (§4.7)."""
    value = readable(text)[0].get("psd", "u").lower()
    return value if value in CHOICES["psd"] else "u"


def _record(tags: dict[str, str], rua: tuple[str, ...], ruf: tuple[str, ...]) -> DmarcRecord:
    """Make a record of legal tags; raises FormatError for others."""
    return DmarcRecord(
        p=cast(Policy, _choice(tags, "p") or "none"),
        sp=cast(Policy, _choice(tags, "sp")),
        np=cast(Policy, _choice(tags, "np")),
        adkim=cast(Alignment, _choice(tags, "adkim") or "r"),
        aspf=cast(Alignment, _choice(tags, "aspf") or "r"),
        t=cast(Literal["y", "n"], _choice(tags, "t") or "n"),
        psd=cast(Literal["y", "n", "u"], _choice(tags, "psd") or "u"),
        fo=_options(tags),
        rua=rua,
        ruf=ruf,
    )


def _choice(tags: dict[str, str], tag: str) -> str:
    """Return a tag's value in small letters, empty when it is absent; raises FormatError."""
    value, legal = tags.get(tag, ""), CHOICES[tag]
    if tag in tags and value.lower() not in legal:
        raise _fault(tags, tag, f"{tag}={value} is not one of {', '.join(legal)}")
    return value.lower()


def _options(tags: dict[str, str]) -> tuple[str, ...]:
    """Return when failures are to be reported (§4.7 fo); raises FormatError."""
    options = tuple(part.strip(" \t").lower() for part in tags.get("fo", "0").split(":"))
    if any(option not in OPTIONS for option in options):
        raise _fault(tags, "fo", f"fo={tags['fo']} is not made of {', '.join(OPTIONS)}")
    return options


def _fault(tags: dict[str, str], tag: str, message: str) -> FormatError:
    return tags.fault(tag, message) if isinstance(tags, Tags) else FormatError(message)


def readable(text: str) -> tuple[Tags, list[FormatError]]:
    """Return the tags of a record that are well-formed, the first of each name."""
    found: list[Field] = []
    faults: list[FormatError] = []
    start = 0
    for part in text.split(";"):
        try:
            for one in fields(part, GRAMMAR):
                shifted = replace(one, start=start + one.start, position=start + one.position)
                found.append(shifted)
        except FormatError as fault:
            if part.strip():
                faults.append(FormatError(fault.message, start + fault.position, fault.rule))
        start += len(part) + 1
    return Tags(found[::-1], GRAMMAR), faults


def _legal_uris(tags: Tags, tag: str, faults: list[FormatError]) -> tuple[str, ...]:
    found = []
    for text in filter(None, (part.strip() for part in tags.get(tag, "").split(","))):
        try:
            found.append(_uri(tags, tag, text))
        except FormatError as fault:
            faults.append(fault)
    return tuple(found)


def _uris(tags: Tags, tag: str) -> tuple[str, ...]:
    """Read a comma-separated list of URIs (§4.8); commas inside a URI are percent-encoded."""
    if tag not in tags:
        return ()
    return tuple(_uri(tags, tag, part.strip()) for part in tags[tag].split(","))


def _uri(tags: Tags, tag: str, text: str) -> str:
    """Return a URI without the size limit that stood behind it in other times (obs-dmarc-uri)."""
    uri = SIZE.sub("", text)
    if not is_uri(uri):
        raise tags.fault(
            tag, f"{tag}: {text!r} is no URI such as mailto:a@b.example", "RFC 3986 §3"
        )
    if any(sign in uri for sign in ENCODED):
        raise tags.fault(
            tag, f"{tag}: '!' in {uri!r} must be written %21", "RFC 9989 §4.8 dmarc-uri"
        )
    return uri


READERS: dict[str, Callable[[dict[str, str]], object]] = {
    **{tag: partial(_choice, tag=tag) for tag in CHOICES},
    "fo": _options,
}
