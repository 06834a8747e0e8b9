"""SPF records (RFC 7208 §12): the terms that a mail domain publishes."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal

Qualifier = Literal["+", "-", "~", "?"]
VERSION = "v=spf1"
MECHANISMS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})
MECHANISM = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9._-]*)(?::([^/]\S*?))?((?:/\d+)?(?://\d+)?)")
MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(\S*)")


class SpfError(ValueError):
    """The text is not an SPF record; the message names the term."""


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


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A whole record; equal when it has the same terms in the same order."""

    mechanisms: tuple[Mechanism, ...]
    modifiers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        terms = [str(m) for m in self.mechanisms]
        terms += [f"{name}={value}" for name, value in self.modifiers]
        return " ".join([VERSION, *terms])

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
        version, *terms = text.rstrip(" ").split(" ")
        if version.lower() != VERSION:
            raise SpfError(f"starts with {version!r}, not {VERSION!r}")
        mechanisms: list[Mechanism] = []
        modifiers: list[tuple[str, str]] = []
        for term in filter(None, terms):
            modifier = MODIFIER.fullmatch(term)
            if modifier:
                modifiers.append((modifier[1].lower(), modifier[2]))
            else:
                mechanisms.append(_mechanism(term))
        _no_repeats(modifiers)
        return cls(tuple(mechanisms), tuple(modifiers))


def _mechanism(term: str) -> Mechanism:
    match = MECHANISM.fullmatch(term)
    if not match or match[2].lower() not in MECHANISMS:
        raise SpfError(f"unknown term {term!r}")
    name, value, cidr = match[2].lower(), match[3] or "", match[4]
    qualifier: Qualifier = match[1] or "+"  # type: ignore[assignment]
    if name in ("ip4", "ip6"):
        return _address(term, qualifier, name, value + cidr)
    if name in ("include", "exists") and not value:
        raise SpfError(f"{term!r} needs a domain after the colon")
    return Mechanism(qualifier, name, value.lower() if "%" not in value else value, cidr)


def _address(term: str, qualifier: Qualifier, name: str, text: str) -> Mechanism:
    """Read ip4/ip6 (RFC 7208 §5.6); a full-length prefix is not written."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise SpfError(f"{term!r} has no network after the colon") from None
    if network.version != int(name[2]):
        raise SpfError(f"{term!r} holds an IPv{network.version} network")
    whole = network.prefixlen == network.max_prefixlen
    cidr = "" if whole else f"/{network.prefixlen}"
    return Mechanism(qualifier, name, str(network.network_address), cidr)


def _no_repeats(modifiers: list[tuple[str, str]]) -> None:
    """RFC 7208 §6: redirect and exp must not stand twice."""
    for name in ("redirect", "exp"):
        if sum(found == name for found, _ in modifiers) > 1:
            raise SpfError(f"{name!r} stands twice")
