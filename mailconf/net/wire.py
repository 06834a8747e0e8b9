"""DNS messages in wire format (RFC 1035 §4), as far as a stub resolver needs it at speed.

Rare types and odd names are left to dnspython, whose way of writing values is kept to everywhere.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

HEAD = struct.Struct("!HHHHHH")
TTL_AND_LENGTH = struct.Struct("!IH")
FIXED_OCTETS = 4 + TTL_AND_LENGTH.size
"""Of a record, between its name and its value: type, class, TTL and length (RFC 1035 §3.2.1)."""
CLASS_IN, OPT = 1, 41
ALIAS, START = b"\0\5\0\1", b"\0\6\0\1"
"""Type and class of CNAME and SOA."""
ONE, RESPONSE = b"\0\1", 0x80
QR, TC, AD, AA, RD, CD = 0x8000, 0x0200, 0x0020, 0x0400, 0x0100, 0x0010
RCODE = 0x000F
# RFC 9715 §3: larger answers are fragmented, and fragments get lost or forged. DO asks for DNSSEC.
PAYLOAD = 1232
EDNS = struct.pack("!BHHBBHH", 0, OPT, PAYLOAD, 0, 0, 0x8000, 0)
POINTER, LONGEST_LABEL, LONGEST_NAME = 0xC0, 63, 255
MOST_HOPS = 16
"""Pointers in a name: servers need one to three."""
LENGTHS = [bytes([length]) for length in range(LONGEST_LABEL + 1)]
TO_QUESTION = b"\xc0\x0c"
"""A name that is the question's: what most answers begin with."""
PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*/"
TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
TYPES |= {"SRV": 33, "DS": 43, "DNSKEY": 48, "TLSA": 52, "CAA": 257}


class MalformedError(ValueError):
    """The octets are no DNS message."""


class Response(NamedTuple):
    """What a response says: its flags, the values at the name that was asked for and those at others by name
    in small letters, aliases by name, and for how many seconds all of it may be kept; of nothing, what the
    SOA says (RFC 2308 §5)."""

    flags: int
    values: list[str]
    others: list[tuple[str, str]]
    aliases: dict[str, str]
    ttl: int

    @property
    def rcode(self) -> int:
        """The response code; those of EDNS are never set by servers of zones."""
        return self.flags & RCODE


def question_of(name: str, rtype: str) -> bytes:
    """Return the question for absolute `name`, which no backslash escapes.

    Raises ValueError for a name that no question can hold.
    """
    labels = name.encode().split(b".") if name != "." else [b""]
    if labels[-1]:
        labels.append(b"")
    try:
        wire = b"".join([LENGTHS[len(label)] + label for label in labels])
    except IndexError:
        raise ValueError(f"{name!r} has a label of more than {LONGEST_LABEL} octets") from None
    if labels.index(b"") != len(labels) - 1:
        raise ValueError(f"{name!r} has a label of no octets")
    if len(wire) > LONGEST_NAME:
        raise ValueError(f"{name!r} is too long")
    return wire + _type(rtype)


@cache
def _type(rtype: str) -> bytes:
    """Return what stands after the name in a question."""
    number = TYPES.get(rtype) or int(dns.rdatatype.from_text(rtype))
    return struct.pack("!HH", number, CLASS_IN)


def query(message_id: int, flags: int, question: bytes) -> bytes:
    """Return a query with EDNS that asks for DNSSEC records."""
    return HEAD.pack(message_id, flags, 1, 0, 0, 1) + question + EDNS


def answers_question(octets: bytes, question: bytes) -> bool:
    """Tell whether a message is a response to a question; case does not matter."""
    if octets[4:6] != ONE or not octets[2] & RESPONSE:
        return False
    asked = octets[HEAD.size : HEAD.size + len(question)]
    return asked == question or asked.lower() == question.lower()


def parse(octets: bytes, question: bytes) -> Response:
    """Read a response to a question; raises MalformedError."""
    try:
        _, flags, _, answers, authorities, _ = HEAD.unpack_from(octets)
        values: list[str] = []
        others: list[tuple[str, str]] = []
        aliases: dict[str, str] = {}
        ttls: list[int] = []
        wanted, read = question[-4:], reader_of(question[-4:-2])
        at = HEAD.size + len(question)
        for _ in range(answers):
            owner, at = at, (at + 2 if octets[at] >= POINTER else after_name(octets, at))
            kind, begin = octets[at : at + 4], at + FIXED_OCTETS
            ttl, length = TTL_AND_LENGTH.unpack_from(octets, at + 4)
            at = begin + length
            if at > len(octets):
                raise MalformedError("a record is cut off")
            if kind == wanted:
                value = read(octets, begin, at)
                if octets[owner : owner + 2] == TO_QUESTION:
                    values.append(value)
                else:
                    others.append((name_at(octets, owner)[0].lower(), value))
                ttls.append(ttl)
            elif kind == ALIAS:
                aliases[name_at(octets, owner)[0].lower()] = name_at(octets, begin)[0].lower()
                ttls.append(ttl)
        if not (values or others):
            ttls += negative_ttls(octets, at, authorities)
    except (struct.error, IndexError, ValueError, dns.exception.DNSException) as why:
        raise MalformedError(f"not a DNS message: {why or type(why).__name__}") from None
    return Response(flags, values, others, aliases, min(ttls) if ttls else 0)


def negative_ttls(octets: bytes, at: int, authorities: int) -> Iterator[int]:
    """Yield for how long nothing may be remembered: what the SOA record says (RFC 2308 §5)."""
    for _ in range(authorities):
        at = after_name(octets, at)
        kind = octets[at : at + 4]
        ttl, length = TTL_AND_LENGTH.unpack_from(octets, at + 4)
        at += FIXED_OCTETS + length
        if at > len(octets):
            raise MalformedError("a record is cut off")
        if kind == START:
            yield min(ttl, int.from_bytes(octets[at - 4 : at]))


def after_name(octets: bytes, at: int) -> int:
    """Return the offset after the name at an offset; pointers are not followed."""
    while (length := octets[at]) and length < POINTER:
        at += 1 + length
    return at + (2 if length else 1)


def name_at(octets: bytes, at: int) -> tuple[str, int]:
    """Return the absolute name at an offset, and the offset after it.

    Pointers lead backwards only, so that they come to an end (RFC 1035 §4.1.4).
    """
    labels: list[bytes] = []
    after, lowest, octets_left, hops_left = -1, at, LONGEST_NAME, MOST_HOPS
    while length := octets[at]:
        if length >= POINTER:
            after = at + 2 if after < 0 else after
            at = (length & 0x3F) << 8 | octets[at + 1]
            hops_left -= 1
            if at >= lowest or not hops_left:
                raise MalformedError("a pointer leads forward, or too many follow each other")
            lowest = at
            continue
        octets_left -= length + 1
        if length > LONGEST_LABEL or octets_left < 1:
            raise MalformedError("a name or a label that is too long")
        labels.append(octets[at + 1 : at + 1 + length])
        at += 1 + length
    return _joined(labels), (at + 1 if after < 0 else after)


def _joined(labels: list[bytes]) -> str:
    """Return an absolute name; only octets of odd names are escaped."""
    if b"".join(labels).translate(None, PLAIN):
        return dns.name.Name([*labels, b""]).to_text()
    return b".".join([*labels, b""]).decode("ascii") or "."


def name_of(question: bytes) -> str:
    """Return the name of a question as responses have it, in small letters."""
    return name_at(question, 0)[0].lower()


@cache
def reader_of(rtype: bytes) -> Callable[[bytes, int, int], str]:
    """Return what reads a value of a type: text joined and unquoted, anything else as a master file has it,
    in small letters."""
    number = int.from_bytes(rtype)
    if number in READERS:
        return READERS[number]
    kind = dns.rdatatype.RdataType(number)

    def read(octets: bytes, at: int, end: int) -> str:
        return dns.rdata.from_wire(dns.rdataclass.IN, kind, octets, at, end - at).to_text().lower()

    return read


def _address(octets: bytes, at: int, end: int) -> str:
    if end - at != 4:  # noqa: PLR2004, RFC 1035 §3.4.1
        raise MalformedError("an address that is not four octets long")
    return ".".join(map(str, octets[at:end]))


def _address_6(octets: bytes, at: int, end: int) -> str:
    return socket.inet_ntop(socket.AF_INET6, octets[at:end])


def _text(octets: bytes, at: int, end: int) -> str:
    if octets[at] == end - at - 1:
        return octets[at + 1 : end].decode("utf-8", "backslashreplace")
    parts = bytearray()
    while at < end:
        length = octets[at]
        if at + 1 + length > end:
            raise MalformedError("a text is cut off")
        parts += octets[at + 1 : at + 1 + length]
        at += 1 + length
    return parts.decode("utf-8", "backslashreplace")


def _name(octets: bytes, at: int, _: int) -> str:
    return name_at(octets, at)[0].lower()


def _mx(octets: bytes, at: int, _: int) -> str:
    return f"{int.from_bytes(octets[at : at + 2])} {name_at(octets, at + 2)[0].lower()}"


def _tlsa(octets: bytes, at: int, end: int) -> str:
    return f"{octets[at]} {octets[at + 1]} {octets[at + 2]} {octets[at + 3 : end].hex()}"


def _srv(octets: bytes, at: int, _: int) -> str:
    priority, weight, port = struct.unpack_from("!HHH", octets, at)
    return f"{priority} {weight} {port} {name_at(octets, at + 6)[0].lower()}"


READERS: dict[int, Callable[[bytes, int, int], str]] = {
    TYPES["A"]: _address,
    TYPES["AAAA"]: _address_6,
    TYPES["TXT"]: _text,
    TYPES["NS"]: _name,
    TYPES["CNAME"]: _name,
    TYPES["PTR"]: _name,
    TYPES["MX"]: _mx,
    TYPES["SRV"]: _srv,
    TYPES["TLSA"]: _tlsa,
}
