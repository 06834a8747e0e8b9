"""The line-protocol core under SMTP, IMAP and POP3: bounded, timed, with the transcript kept."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from mailconf.model.endpoint import Listener
from mailconf.model.world import CannotTell, Port, Refused, Reply

MAX_LINE = 8192
MAX_LINES = 512
"""Lines in one reply: the longest honest capability list has some dozens."""
MAX_SESSION = 256 * 1024
"""Octets that one session may make us read."""
QUIT_SECONDS = 1.0
HIDDEN = "<credentials>"
# What OpenSSL says when it was built without a version.
OUR_OWN = ("NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE", "INTERNAL_ERROR")
UNABLE = "this machine's TLS library knows no version older than 1.2, so nothing was tried"


class Connection:
    """One connection; every method may raise CannotTell, none reads without a bound."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, where: str
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._read = 0
        self.where = where
        self.transcript: list[tuple[str, str]] = []

    async def line(self) -> str:
        """Return the next line without its end; octets that are no UTF-8 stay visible."""
        try:
            octets = await self._reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise CannotTell(f"{self.where} sent a line of more than {MAX_LINE} octets") from None
        except asyncio.IncompleteReadError as cut:
            raise CannotTell(f"{self.where} closed the connection{_after(cut.partial)}") from None
        self._read += len(octets)
        if self._read > MAX_SESSION:
            raise CannotTell(f"{self.where} sent more than {MAX_SESSION} octets")
        text = octets.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
        self.transcript.append(("S", text))
        return text

    async def send(self, command: str, shown: str = "") -> None:
        """Send one command; `shown` stands for it in the transcript when it holds credentials."""
        self.transcript.append(("C", shown or command))
        self._writer.write(command.encode() + b"\r\n")
        await self._writer.drain()

    async def upgrade(self, agreed: Reply, context: ssl.SSLContext, name: str) -> dict[str, Reply]:
        """Start TLS when the server agreed to; return the probe `injection` when text was slipped in.

        Raises ssl.SSLCertVerificationError for a chain that `context` does not trust.
        """
        if not agreed.is_positive:
            return {}
        injected = self._injected()
        await self._start_tls(context, name)
        return {"injection": Reply("injected", (injected,))} if injected else {}

    def _injected(self) -> str:
        """Take away what was sent in clear after the agreement, to be taken as said inside TLS.

        RFC 3207 §6: whatever stands between the reply and the handshake is nobody's word.
        """
        # asyncio has no public way to look into the buffer that TLS would inherit.
        buffer: bytearray = self._reader._buffer  # type: ignore[attr-defined]
        text = bytes(buffer).split(b"\r\n")[0].decode("utf-8", "backslashreplace")
        buffer.clear()
        return text

    async def agrees_on(self, context: ssl.SSLContext, name: str) -> str:
        """Return the version of TLS that is agreed on, or nothing when the server wants none of them.

        Raises CannotTell when it is this side that knows none.
        """
        try:
            await self._writer.start_tls(context, server_hostname=name)
        except ssl.SSLError as why:
            if why.reason in OUR_OWN:
                raise CannotTell(f"{self.where}: {UNABLE}") from None
            return ""
        except OSError:
            return ""
        tls = self.tls()
        return (tls.version() or "") if tls else ""

    async def _start_tls(self, context: ssl.SSLContext, name: str) -> None:
        try:
            await self._writer.start_tls(context, server_hostname=name)
        except ssl.SSLCertVerificationError:
            raise
        except (ssl.SSLError, OSError) as why:
            raise CannotTell(f"{self.where}: TLS handshake failed: {reason(why)}") from None

    def tls(self) -> ssl.SSLObject | None:
        """Return the TLS layer, when there is one."""
        found: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        return found

    def told(self) -> tuple[str, ...]:
        """Return the transcript, a line each."""
        return tuple(f"{side}: {text}" for side, text in self.transcript)

    def commands(self) -> int:
        """Return how many commands were sent."""
        return sum(side == "C" for side, _ in self.transcript)

    async def close(self, farewell: str = "") -> None:
        """Say goodbye, wait for the answer for a moment, and close whatever happens."""
        try:
            async with asyncio.timeout(QUIT_SECONDS):
                if farewell:
                    await self.send(farewell)
                    await self.line()
        except (CannotTell, OSError, TimeoutError):
            pass
        finally:
            await self._shut()

    async def _shut(self) -> None:
        self._writer.close()
        try:
            async with asyncio.timeout(QUIT_SECONDS):
                await self._writer.wait_closed()
        except TimeoutError:
            # CPython 3.11.2: an SSL transport that is done with has no protocol left to abort.
            with suppress(AttributeError):
                self._writer.transport.abort()
        except OSError:
            pass  # it is gone already, without the other side's farewell


def _after(partial: bytes) -> str:
    said = partial[:80].decode("utf-8", "backslashreplace")
    return f" after {said!r}" if said else ""


def reason(why: BaseException) -> str:
    """Return an exception's own words, or its name when it has none."""
    if isinstance(why, ssl.SSLError):
        return why.reason or str(why)
    if isinstance(why, OSError) and why.errno:
        return os.strerror(why.errno)  # asyncio puts its own words where the system's should be
    return str(why) or type(why).__name__


@dataclass(frozen=True, slots=True)
class Place:
    """Where a listener is reached: its own address and port, or what stands in for them."""

    address: str
    port: int
    source: str = ""
    """The local address to come from."""


@asynccontextmanager
async def dialled(
    listener: Listener, place: Place, context: ssl.SSLContext | None, seconds: float
) -> AsyncIterator[Connection]:
    """Connect to a listener, with TLS at once when a context is given.

    Everything inside must be done within `seconds`. Raises CannotTell on silence, Refused when
    the port is closed, ssl.SSLCertVerificationError for an untrusted chain.
    """
    point, where = listener.endpoint, str(listener)
    try:
        async with asyncio.timeout(seconds):
            connection = await _open(place, context, point.host, where)
            try:
                yield connection
            finally:
                await connection.close()
    except TimeoutError:
        raise CannotTell(f"{where} did not answer within {seconds:g} s") from None
    except ssl.SSLCertVerificationError:
        raise
    except OSError as why:
        raise CannotTell(f"{where} broke the connection: {reason(why)}") from None


def bound(source: str, address: str) -> tuple[str, int] | None:
    """Return what to bind to for a connection from `source`; None to a place of the other family."""
    same = source and (":" in source) == (":" in address)
    return (source, 0) if same else None


async def knock(place: Place, seconds: float) -> Port:
    """Connect and hang up; a packet filter may answer with an ICMP message or not at all."""
    local = bound(place.source, place.address)
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(place.address, place.port, local_addr=local)
    except ConnectionRefusedError:
        return "refused"
    except (TimeoutError, OSError):
        return "silent"
    writer.close()
    return "open"


async def _open(place: Place, context: ssl.SSLContext | None, name: str, where: str) -> Connection:
    server_name, local = name if context else None, bound(place.source, place.address)
    try:
        reader, writer = await asyncio.open_connection(
            place.address,
            place.port,
            limit=MAX_LINE,
            ssl=context,
            server_hostname=server_name,
            local_addr=local,
        )
    except ssl.SSLCertVerificationError:
        raise
    except ConnectionRefusedError:
        raise Refused(f"{where} refused the connection") from None
    except ssl.SSLError as why:
        raise CannotTell(f"{where}: TLS handshake failed: {reason(why)}") from None
    except OSError as why:
        raise CannotTell(f"{where} cannot be reached: {reason(why)}") from None
    return Connection(reader, writer, where)
