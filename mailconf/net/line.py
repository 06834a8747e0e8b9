"""The line-protocol core under SMTP, IMAP and POP3: bounded, with the transcript kept."""

from __future__ import annotations

import asyncio
import os
import ssl
from contextlib import suppress

from mailconf.model.world import CannotTell, Reply

MAX_LINE = 8192
MAX_LINES = 512
"""Lines in one reply: the longest honest capability list has some dozens."""
MAX_SESSION = 256 * 1024
"""Octets that one session may make us read."""
MAX_MAILBOX = 4 * 1024 * 1024
"""The same after a login: a list of all messages is long."""
QUIT_SECONDS = 1.0
HIDDEN = "<credentials>"
# What OpenSSL says when it was built without a version.
OUR_OWN = ("NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE", "INTERNAL_ERROR")
UNABLE = "this machine's TLS library has nothing as old any more, so nothing was tried"


class Connection:
    """One connection; every method may raise CannotTell, none reads without a bound."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, where: str
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._read = 0
        self.most = MAX_SESSION
        self.where = where
        self.transcript: list[tuple[str, str]] = []

    async def line(self) -> str:
        """Return the next line without its end; octets that are no UTF-8 stay visible."""
        octets = (await self._line()).rstrip(b"\r\n")
        text = octets.decode("utf-8", "backslashreplace")
        self.transcript.append(("S", text))
        return text

    async def _line(self) -> bytes:
        try:
            octets = await self._reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise CannotTell(f"{self.where} sent a line of more than {MAX_LINE} octets") from None
        except asyncio.IncompleteReadError as cut:
            raise CannotTell(f"{self.where} closed the connection{_after(cut.partial)}") from None
        return self._counted(octets)

    async def octets(self, count: int) -> bytes:
        """Return that many octets as they are; the transcript tells only how many."""
        self.transcript.append(("S", f"<{count} octets>"))
        if self._read + count > self.most:
            raise CannotTell(f"{self.where} announced {count} octets")
        try:
            return self._counted(await self._reader.readexactly(count))
        except asyncio.IncompleteReadError:
            raise CannotTell(f"{self.where} closed the connection in a message") from None

    async def text(self) -> list[bytes]:
        """Return lines up to a lone dot, without ends and doubled dots (RFC 1939 §3).

        The transcript tells only how many: they may be somebody's mail.
        """
        lines: list[bytes] = []
        while (line := (await self._line()).removesuffix(b"\n").removesuffix(b"\r")) != b".":
            lines.append(line[1:] if line.startswith(b".") else line)
        self.transcript.append(("S", f"<{len(lines)} lines>"))
        return lines

    def _counted(self, octets: bytes) -> bytes:
        self._read += len(octets)
        if self._read > self.most:
            raise CannotTell(f"{self.where} sent more than {self.most} octets")
        return octets

    async def send(self, command: str, shown: str = "") -> None:
        """Send one command; `shown` stands for it in the transcript when it holds credentials."""
        self.transcript.append(("C", shown or command))
        self._writer.write(command.encode() + b"\r\n")
        await self._writer.drain()

    async def send_octets(self, octets: bytes) -> None:
        """Send octets as they are."""
        self.transcript.append(("C", f"<{len(octets)} octets>"))
        self._writer.write(octets)
        await self._writer.drain()

    async def send_text(self, text: bytes) -> None:
        """Send lines up to a lone dot, with dots at their beginning doubled (RFC 5321 §4.5.2)."""
        lines = text.removesuffix(b"\r\n").split(b"\r\n")
        self.transcript.append(("C", f"<{len(lines)} lines>"))
        stuffed = (b"." + line if line.startswith(b".") else line for line in lines)
        self._writer.write(b"\r\n".join(stuffed) + b"\r\n.\r\n")
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

    async def secure(self, agreed: Reply, context: ssl.SSLContext, name: str) -> None:
        """Start TLS before something secret is said; raises CannotTell where that is not safe."""
        if not agreed.is_positive:
            raise CannotTell(f"{self.where} does not start TLS: {agreed}")
        if await self.upgrade(agreed, context, name):
            raise CannotTell(f"{self.where}: text was slipped in before TLS; no password was sent")

    def _injected(self) -> str:
        """Take away what was sent in clear after the agreement, to be taken as said inside TLS.

        RFC 3207 §6: whatever stands between the reply and the handshake is nobody's word.
        """
        # asyncio has no public way to look into the buffer that TLS would inherit.
        buffer: bytearray = self._reader._buffer  # type: ignore[attr-defined]
        text = bytes(buffer).split(b"\r\n")[0].decode("utf-8", "backslashreplace")
        buffer.clear()
        return text

    async def agrees_on(self, context: ssl.SSLContext, name: str) -> tuple[str, str]:
        """Return the version of TLS and the cipher agreed on, empty when the server wants none of them.

        Raises CannotTell when it is this side that has none.
        """
        try:
            await self._writer.start_tls(context, server_hostname=name)
        except ssl.SSLError as why:
            if why.reason in OUR_OWN:
                raise CannotTell(f"{self.where}: {UNABLE}") from None
            return "", ""
        except OSError:
            return "", ""
        tls = self.tls()
        cipher = tls.cipher() if tls else None
        return (tls.version() or "" if tls else ""), (cipher[0] if cipher else "")

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
