"""Macros in SPF records (RFC 7208 §7)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

from mailconf.formats.error import FormatError
from mailconf.formats.spf import EXPAND, LITERAL

# §7.1: letter, number of parts, reversal, delimiters.
MACRO = re.compile(r"%\{([A-Za-z])([0-9]*)([rR]?)([.+,/_=-]*)\}")
TOKEN = re.compile(rf"{EXPAND}|{LITERAL}| ")
ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}
UNRESERVED = "-._~"
"""What upper-case letters leave as it is, besides letters and digits (RFC 3986 §2.3)."""
LONGEST_NAME = 253

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Facts:
    """What macros stand for. `validated` is asked for only when a text says `p`."""

    ip: Address
    local: str
    sender_domain: str
    domain: str
    helo: str
    receiver: str
    timestamp: int
    validated: Callable[[], Awaitable[str]]


async def expand(text: str, facts: Facts) -> str:
    """Return a text with all its macros replaced; raises FormatError for what is no macro."""
    parts = [await _one(token, facts) for token in _tokens(text)]
    return "".join(parts)


def _tokens(text: str) -> list[str]:
    position, tokens = 0, []
    while position < len(text):
        token = TOKEN.match(text, position)
        if not token:
            raise FormatError(f"{text[position:]!r} is no macro", position, "RFC 7208 §7.1")
        tokens.append(token[0])
        position = token.end()
    return tokens


async def expand_name(text: str, facts: Facts) -> str:
    """Return a domain-spec as a name, cut from the left to the length of a name (§7.3)."""
    name = ""
    # From the right, as far as it is kept: else a record would multiply with what a macro stands for.
    for token in reversed(_tokens(text)):
        name = await _one(token, facts) + name
        if len(name) > LONGEST_NAME + 1:
            break
    name = name.removesuffix(".")
    if len(name) > LONGEST_NAME:
        name = name[name.find(".", len(name) - LONGEST_NAME - 1) + 1 :]
    return name


async def _one(token: str, facts: Facts) -> str:
    match = MACRO.fullmatch(token)
    if not match:
        return ESCAPES.get(token, token)
    letter, number, reverse, delimiters = match.groups()
    value = _transformed(await _value(letter.lower(), facts), number, reverse, delimiters)
    return quote(value, safe=UNRESERVED) if letter.isupper() else value


async def _value(letter: str, facts: Facts) -> str:
    if letter == "p":
        return await facts.validated()
    values: Mapping[str, str] = {
        "s": f"{facts.local}@{facts.sender_domain}",
        "l": facts.local,
        "o": facts.sender_domain,
        "d": facts.domain,
        "i": _dotted(facts.ip),
        "v": "in-addr" if isinstance(facts.ip, IPv4Address) else "ip6",
        "h": facts.helo,
        "c": str(facts.ip),
        "r": facts.receiver,
        "t": str(facts.timestamp),
    }
    return values[letter]


def _dotted(ip: Address) -> str:
    """Return an address as labels: octets of IPv4, nibbles of IPv6 in capitals (§7.3)."""
    return str(ip) if isinstance(ip, IPv4Address) else ".".join(ip.packed.hex().upper())


def _transformed(value: str, number: str, reverse: str, delimiters: str) -> str:
    """Split, turn round, keep the last parts, join with dots (§7.3)."""
    parts = re.split(f"[{re.escape(delimiters or '.')}]", value)
    if reverse:
        parts.reverse()
    return ".".join(parts[-int(number) :] if number else parts)
