"""Records that no zone can hold: told of where they come from, before anything is made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

from mailconf.formats.caa import Caa
from mailconf.formats.error import FormatError
from mailconf.formats.names import MAX_NAME
from mailconf.formats.tlsa import Tlsa
from mailconf.model.record import Record

MAX_TTL = 2**31 - 1
MAX_TEXT = 65_279
"""Octets of a TXT value: 255 strings of 255 and their lengths fill the 65535 of RDATA."""
SHOWN = 60
# What a master file takes as it stands (RFC 1035 §5.1), in lengths that DNS has.
NAME = re.compile(r"\.|(?:[!#%&'*+,/0-9:<=>?A-Z\[\]^_`a-z{|}~-]{1,63}\.)+")
NUMBER = r"(0|[1-9][0-9]{0,4})"
MX = re.compile(rf"{NUMBER} (\S+)")
SRV = re.compile(rf"{NUMBER} {NUMBER} {NUMBER} (\S+)")
LARGEST = 65_535
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def fault(record: Record) -> str:
    """Return what is wrong with a record; empty where a zone can hold it (RFC 2181 §8 for the TTL)."""
    if not 0 <= record.ttl <= MAX_TTL:
        return f"the TTL is {record.ttl}; expected 0 to {MAX_TTL}"
    if not _is_name(record.name):
        return f"the name is {_shown(record.name)}; expected an absolute domain name"
    if CONTROLS.search(record.value):
        return f"the value is {_shown(record.value)}; expected text without control characters"
    check, expected = VALUES[record.type]
    return (
        "" if check(record.value) else f"the value is {_shown(record.value)}; expected {expected}"
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def _is_name(text: str) -> bool:
    # The final dot is not counted (RFC 1035 §2.3.4: 255 octets with the lengths and the root).
    return len(text) <= MAX_NAME + 1 and NAME.fullmatch(text) is not None


def _parses(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, FormatError):
        return False
    return True


def _is_ipv6(text: str) -> bool:
    return "%" not in text and _parses(IPv6Address, text)


def _is_numbered(form: re.Pattern[str], text: str) -> bool:
    """Tell whether it is numbers of 16 bits and a name."""
    match = form.fullmatch(text)
    if match is None:
        return False
    *numbers, name = match.groups()
    return max(map(int, numbers)) <= LARGEST and _is_name(name)


VALUES: dict[str, tuple[Callable[[str], bool], str]] = {
    "A": (lambda text: _parses(IPv4Address, text), "an IPv4 address"),
    "AAAA": (_is_ipv6, "an IPv6 address"),
    "CAA": (lambda text: _parses(Caa.parse, text), "flags, a tag and a value"),
    "CNAME": (_is_name, "an absolute domain name"),
    "MX": (lambda text: _is_numbered(MX, text), "a preference and an absolute name"),
    "PTR": (_is_name, "an absolute domain name"),
    "SRV": (lambda text: _is_numbered(SRV, text), "priority, weight, port and an absolute name"),
    "TLSA": (lambda text: _parses(Tlsa.parse, text), "three numbers and hexadecimal digits"),
    "TXT": (lambda text: len(text.encode()) <= MAX_TEXT, f"at most {MAX_TEXT} octets"),
}
