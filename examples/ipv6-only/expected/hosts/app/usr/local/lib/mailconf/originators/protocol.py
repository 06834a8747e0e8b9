"""The milter protocol, version 6, as Postfix speaks it (MILTER_README): packets and what they hold."""

from __future__ import annotations

import struct
from asyncio import StreamReader, StreamWriter

MOST_OCTETS = 1024 * 1024
"""Of one packet: Postfix sends bodies in pieces of 64 KiB, and asks for none of them here."""
VERSION = 6
# What the program may do (SMFIF_ADDHDRS, SMFIF_CHGHDRS, SMFIF_CHGFROM) and need not be sent (SMFIP_*).
CHANGES = 0x01 | 0x10 | 0x40
NOT_NEEDED = 0x08 | 0x10 | 0x100 | 0x200  # RCPT, body, unknown commands, DATA

CONTINUE, ACCEPT, REPLY = b"c", b"a", b"y"
INSERT_FIELD, CHANGE_FIELD, CHANGE_SENDER = b"i", b"m", b"e"
CONNECT, HELO, MACRO = b"C", b"H", b"D"
HEADER, END_OF_HEADER, END_OF_MESSAGE = b"L", b"N", b"E"
MAIL, ABORT, QUIT, QUIT_NEXT, OPTIONS = b"M", b"A", b"Q", b"K", b"O"


class ProtocolError(ValueError):
    """What came is no packet of the milter protocol."""


async def read(reader: StreamReader) -> tuple[bytes, bytes]:
    """Return command and data; raises ProtocolError, or IncompleteReadError at the end."""
    (size,) = struct.unpack("!I", await reader.readexactly(4))
    if not 1 <= size <= MOST_OCTETS:
        raise ProtocolError(f"a packet of {size} octets")
    packet = await reader.readexactly(size)
    return packet[:1], packet[1:]


def write(writer: StreamWriter, command: bytes, data: bytes = b"") -> None:
    """Send one packet."""
    writer.write(struct.pack("!I", 1 + len(data)) + command + data)


def options(data: bytes) -> bytes:
    """Answer the MTA's offer with what is used of it; raises ProtocolError."""
    if len(data) < 12:  # noqa: PLR2004, three numbers of four octets
        raise ProtocolError("options are too short")
    version, changes, steps = struct.unpack("!III", data[:12])
    if changes & CHANGES != CHANGES:
        raise ProtocolError("the MTA does not let a milter change header and sender")
    return struct.pack("!III", min(version, VERSION), CHANGES, steps & NOT_NEEDED)


def strings(data: bytes) -> list[str]:
    """Split at NUL; octets become characters one by one."""
    return data.rstrip(b"\0").decode("latin-1").split("\0") if data else []


def macros(data: bytes) -> dict[str, str]:
    """Return macros by name, braces taken off."""
    words = data[1:].decode("latin-1").split("\0")
    return {name.strip("{}"): value for name, value in zip(words[::2], words[1::2])}  # noqa: B905, Python 3.9


def client(data: bytes) -> tuple[str, int]:
    """Return address and port of SMFIC_CONNECT; an empty address for anything but TCP."""
    _name, _, rest = data.partition(b"\0")
    if rest[:1] not in (b"4", b"6") or len(rest) < 4:  # noqa: PLR2004, family and port
        return "", 0
    (port,) = struct.unpack("!H", rest[1:3])
    address = rest[3:].rstrip(b"\0").decode("latin-1")
    return (address[5:] if address.lower().startswith("ipv6:") else address), port


def text(value: str) -> bytes:
    """Return a string as packets hold it."""
    return value.encode("latin-1", "replace") + b"\0"
