"""SPF records (RFC 7208 §12): the terms that a mail domain publishes."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal

from mailconf.formats.error import FormatError

Qualifier = Literal["+", "-", "~", "?"]
VERSION = "v=spf1"
# §7.1: macro-expand, macro-literal, macro-string; §12: domain-end and domain-spec.
LETTERS = "slodiphcrtv"
EXPLAINING_LETTERS = "crt"
MACRO = rf"%\{{[{LETTERS}{LETTERS.upper()}](?:0*[1-9][0-9]*)?[rR]?[.+,/_=-]*\}}"
EXPAND = rf"(?:{MACRO}|%%|%_|%-)"
LITERAL = r"[\x21-\x24\x26-\x7e]"
MACRO_STRING = re.compile(rf"(?:{EXPAND}|{LITERAL})*")
MACRO_OR_TEXT = re.compile(rf"{EXPAND}|{LITERAL}+")
TOPLABEL = re.compile(r"(?=[0-9]*[A-Za-z])[A-Za-z0-9]+|[A-Za-z0-9]+-[A-Za-z0-9-]*[A-Za-z0-9]")
# These stand in explanations only (§7.2).
EXPLAINING = re.compile(rf"(?<!%)(?:%%)*%\{{[{EXPLAINING_LETTERS}]", re.IGNORECASE)
TERM = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9._-]*)(:?)(.*)", re.DOTALL)
MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(.*)", re.DOTALL)
CIDR = re.compile(r"((?:/(?:0|[1-9][0-9]*))?)((?://(?:0|[1-9][0-9]*))?)$")
WIDTHS = {4: 32, 6: 128}
NEEDS_DOMAIN = ("include", "exists")
MAY_HAVE_CIDR = ("a", "mx")
ADDRESSES = ("ip4", "ip6")
MECHANISMS = frozenset({"all", "ptr", *NEEDS_DOMAIN, *MAY_HAVE_CIDR, *ADDRESSES})
ONCE = ("redirect", "exp")


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One directive: qualifier, name, argument after the colon, and its CIDR suffix."""

    qualifier: Qualifier
    name: str
    value: str = ""
    cidr: str = ""

    def __str__(self) -> str:
        sign = "" if self.qualifier == "+" else self.qualifier
        return f"{sign}{self.name}{':' if self.value else ''}{self.value}{self.cidr}"

    def prefix(self, version: int) -> int:
        """Return how many bits of an address of a family must agree (§5.3 dual-cidr-length)."""
        four, _, six = self.cidr.partition("//")
        text = six if version == 6 else four.removeprefix("/")  # noqa: PLR2004, the family
        return int(text) if text else WIDTHS[version]

    @property
    def network(self) -> IPv4Network | IPv6Network:
        """The addresses of ip4 and ip6."""
        return ip_network(f"{self.value}{self.cidr}", strict=False)


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A whole record; equal when it has the same terms in the same order."""

    mechanisms: tuple[Mechanism, ...]
    modifiers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        terms = [str(m) for m in self.mechanisms]
        terms += [f"{name}={value}" for name, value in self.modifiers]
        return " ".join([VERSION, *terms])

    def modifier(self, name: str) -> str:
        """Return the value of a modifier, or an empty text."""
        return next((value for found, value in self.modifiers if found == name), "")

    @property
    def verdicts(self) -> Hashable:
        """What the record says, such that two records with equal verdicts judge alike.

        Terms after `all` are never reached (§5.1), redirect counts only without it (§6.1), and
        terms that all say pass may stand in any order.
        """
        names = [mechanism.name for mechanism in self.mechanisms]
        end = names.index("all") if "all" in names else len(names)
        before, last = self.mechanisms[:end], self.mechanisms[end : end + 1]
        modifiers = frozenset(m for m in self.modifiers if not (last and m[0] == "redirect"))
        all_pass = all(mechanism.qualifier == "+" for mechanism in before)
        return (frozenset(before) if all_pass else before), last, modifiers

    @classmethod
    def parse(cls, text: str) -> SpfRecord:
        """Read a record, normalising case of names and spelling of addresses."""
        record, faults = cls.parse_leniently(text)
        if faults:
            raise faults[0]
        return record

    @classmethod
    def parse_leniently(cls, text: str) -> tuple[SpfRecord, tuple[FormatError, ...]]:
        """Return the terms that are well-formed, and what is wrong with the others.

        A receiver is not lenient: one wrong term makes the result permerror (§4.6). Raises
        FormatError for a text that no receiver takes for an SPF record.
        """
        if not is_record(text):
            raise FormatError(
                f"does not start with {VERSION!r} and a space", 0, "RFC 7208 §12 version"
            )
        mechanisms: list[Mechanism] = []
        modifiers: list[tuple[str, str]] = []
        faults: list[FormatError] = []
        once: set[str] = set()
        for position, term in _terms(text):
            modifier = MODIFIER.fullmatch(term)
            try:
                if modifier:
                    modifiers.append(_modifier(modifier, position, once))
                else:
                    mechanisms.append(_mechanism(term, position))
            except FormatError as fault:
                faults.append(fault)
        return cls(tuple(mechanisms), tuple(modifiers)), tuple(faults)


def is_record(text: str) -> bool:
    """Tell whether a receiver takes a TXT record for an SPF record (§4.5)."""
    version, _, _ = text.partition(" ")
    return version.lower() == VERSION


def _terms(text: str) -> Iterator[tuple[int, str]]:
    """Yield position and text of each term; only spaces stand between them."""
    for match in re.finditer(r"[^ ]+", text):
        if match.start():
            yield match.start(), match[0]


def _modifier(match: re.Match[str], position: int, once: set[str]) -> tuple[str, str]:
    name, value = match[1].lower(), match[2]
    where = position + match.start(2)
    if name not in ONCE:
        if not MACRO_STRING.fullmatch(value):
            raise FormatError(
                f"{value!r} is no text with macros", where, "RFC 7208 §7.1 macro-string"
            )
        return name, value
    if name in once:
        raise FormatError(f"{name!r} occurs twice", position, "RFC 7208 §6")
    domain = _domain_spec(value, where)
    once.add(name)
    return name, domain


def _mechanism(term: str, position: int) -> Mechanism:
    match = TERM.fullmatch(term)
    name = match[2].lower() if match else ""
    if not match or name not in MECHANISMS:
        raise FormatError(f"unknown term {term!r}", position, "RFC 7208 §12 mechanism")
    qualifier: Qualifier = match[1] or "+"  # type: ignore[assignment]
    colon, rest, where = match[3], match[4], position + match.start(4)
    if name in ADDRESSES:
        return Mechanism(qualifier, name, *_address(name, colon, rest, where))
    value, cidr = _split_cidr(rest, where) if name in MAY_HAVE_CIDR else (rest, "")
    if name in NEEDS_DOMAIN and not colon:
        raise FormatError(f"{name!r} needs a domain after a colon", where, f"RFC 7208 §12 {name}")
    if (name == "all" and (colon or value)) or (value and not colon):
        raise FormatError(
            f"{term!r}: nothing may follow {name!r} here", where, f"RFC 7208 §12 {name}"
        )
    return Mechanism(qualifier, name, _domain_spec(value, where) if colon else "", cidr)


def _domain_spec(text: str, position: int) -> str:
    """Read a domain-spec; a name without macros is written in small letters."""
    if not _is_domain_spec(text) or EXPLAINING.search(text):
        raise FormatError(f"{text!r} is no domain name", position, "RFC 7208 §12 domain-spec")
    return text.lower() if "%" not in text else text


def _is_domain_spec(text: str) -> bool:
    """Tell whether macros and text end as a domain does: with a macro, or a dot and a top label."""
    if not MACRO_STRING.fullmatch(text):
        return False
    _, dot, label = text.removesuffix(".").rpartition(".")
    if dot and TOPLABEL.fullmatch(label):
        return True
    last = deque(MACRO_OR_TEXT.finditer(text), 1)
    return bool(last) and last[0][0].startswith("%")


def _split_cidr(text: str, position: int) -> tuple[str, str]:
    """Return what stands before a dual-cidr-length, and that (§5.3)."""
    match = CIDR.search(text)
    four, six = (match[1], match[2]) if match else ("", "")
    for written, version in ((four.strip("/"), 4), (six.strip("/"), 6)):
        if written and int(written) > WIDTHS[version]:
            where = position + len(text) - len(four + six)
            raise FormatError(
                f"/{written} is longer than an address", where, "RFC 7208 §12 dual-cidr-length"
            )
    # A full length says nothing; /32//64 needs its first part no more.
    four = "" if four == f"/{WIDTHS[4]}" else four
    written = "" if six == f"//{WIDTHS[6]}" else six
    return text[: match.start()] if match else text, four + written


def _address(name: str, colon: str, text: str, position: int) -> tuple[str, str]:
    """Read ip4/ip6 (§5.6); a full-length prefix is not written."""
    rule = f"RFC 7208 §12 {name}-network"
    address, slash, length = text.partition("/")
    well_formed = (
        colon and "%" not in address and (not slash or re.fullmatch(r"0|[1-9][0-9]*", length))
    )
    try:
        network = ip_network(text, strict=False) if well_formed else None
    except ValueError:
        network = None
    if network is None or network.version != int(name[2]):
        raise FormatError(f"{text!r} is no IPv{name[2]} address or network", position, rule)
    whole = network.prefixlen == network.max_prefixlen
    return str(network.network_address), "" if whole else f"/{network.prefixlen}"
