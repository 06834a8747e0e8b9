"""The octets of a message as they are signed (RFC 6376 §3.4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mailconf.formats.dkim_signature import Canonicalization

FIELD = re.compile(
    rb"^([^\x00-\x20:\x7f]+)[ \t]*:((?:[^\r\n]|\r(?!\n)|\r\n[ \t])*)\r\n", re.MULTILINE
)


@dataclass(frozen=True)
class Message:
    """Header fields in order, each with its final CRLF, and the body."""

    fields: tuple[bytes, ...]
    body: bytes

    @classmethod
    def of(cls, octets: bytes) -> Message:
        """Take a message apart; bare line feeds, as files have them, become CRLF."""
        whole = re.sub(rb"(?<!\r)\n", b"\r\n", octets)
        header, _, body = (b"\r\n" + whole).partition(b"\r\n\r\n")
        lines = header.removeprefix(b"\r\n") + b"\r\n"
        return cls(tuple(match[0] for match in FIELD.finditer(lines)), body)

    def named(self, name: str) -> list[bytes]:
        """Return the fields of a name, from the top."""
        return list(self._by_name.get(name.lower(), ()))

    @cached_property
    def _by_name(self) -> Mapping[str, list[bytes]]:
        found: dict[str, list[bytes]] = defaultdict(list)
        for field in self.fields:
            found[field_name(field)].append(field)
        return found

    @cached_property
    def _bodies(self) -> dict[Canonicalization, bytes]:
        return {}

    def signed_body(self, way: Canonicalization) -> bytes:
        """Return the body as it is signed, made once for all signatures and keys."""
        if way not in self._bodies:
            self._bodies[way] = body(self.body, way)
        return self._bodies[way]

    def value(self, name: str) -> str:
        """Return the first field of a name, unfolded; empty when there is none."""
        found = self.named(name)
        return unfolded(found[0].partition(b":")[2]) if found else ""


def field_name(field: bytes) -> str:
    """Return a field's name in small letters."""
    return field.partition(b":")[0].strip().decode("ascii", "replace").lower()


def unfolded(value: bytes) -> str:
    """Return a field's value on one line."""
    return re.sub(rb"\r\n(?=[ \t])", b"", value).decode("utf-8", "replace").strip()


def header(field: bytes, way: Canonicalization) -> bytes:
    """Return a header field as it is signed (§3.4.1, §3.4.2), with its CRLF."""
    if way == "simple":
        return field
    name, _, value = field.partition(b":")
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.strip(b" \t").lower() + b":" + value + b"\r\n"


def body(octets: bytes, way: Canonicalization) -> bytes:
    """Return a body as it is signed (§3.4.3, §3.4.4)."""
    if way == "relaxed":
        octets = re.sub(rb"[ \t]+", b" ", octets)
        octets = octets.replace(b" \r\n", b"\r\n").removesuffix(b" ")
    end = len(octets)
    while octets.endswith(b"\r\n", 0, end):
        end -= 2
    return octets[:end] + b"\r\n" if end or way == "simple" else b""


def signed_fields(message: Message, names: Iterable[str], own: bytes = b"") -> list[bytes]:
    """Return the fields that a list of names means: each name once more, from the bottom (§5.4.2).

    A name that stands there more often than in the message means nothing more. The signature's
    `own` field, which is added last, is none of them (§3.5 h).
    """
    left: dict[str, list[bytes]] = {}
    found = []
    for name in map(str.lower, names):
        fields = left.setdefault(name, [f for f in message.named(name) if f is not own])
        if fields:
            found.append(fields.pop())
    return found
