"""The line-protocol core under SMTP, IMAP and POP3: bounded, with the transcript kept."""

from __future__ import annotations

import asyncio
import os
import ssl
import time

from mailconf.model.questions.sessions import Reply
from mailconf.model.questions.tls import NegotiatedTls
from mailconf.model.world import Inconclusive
from mailconf.net.pipe import Pipe
from mailconf.net.tls import facts_of

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
    """One connection; every method may raise Inconclusive, none reads without a bound."""

    def __init__(self, pipe: Pipe, where: str) -> None:
        self._pipe = pipe
        self._buffer = bytearray()
        """What was received and not read yet."""
        self._read = 0
        self._begun = time.monotonic()
        self.waited = 0.0
        """Seconds until the first line came."""
        self.most = MAX_SESSION
        self.where = where
        self.transcript: list[tuple[str, str]] = []

    async def line(self) -> str:
        """Return the next line without its end; octets that are no UTF-8 stay visible."""
        text = (await self._line()).rstrip(b"\r\n").decode("utf-8", "backslashreplace")
        if not self.transcript:
            self.waited = round(time.monotonic() - self._begun, 1)
        self.transcript.append(("S", text))
        return text

    async def _line(self) -> bytes:
        while not (end := self._buffer.find(b"\n") + 1) and len(self._buffer) <= MAX_LINE:
            if not await self._receive():
                cut = bytes(self._buffer)
                raise Inconclusive(f"{self.where} closed the connection{_after(cut)}")
        if not 0 < end <= MAX_LINE:
            raise Inconclusive(f"{self.where} sent a line of more than {MAX_LINE} octets")
        return self._taken(end)

    async def _receive(self) -> bool:
        octets = await self._pipe.receive()
        self._buffer += octets
        return bool(octets)

    def _taken(self, count: int) -> bytes:
        octets = bytes(self._buffer[:count])
        del self._buffer[:count]
        return self._counted(octets)

    async def octets(self, count: int) -> bytes:
        """Return that many octets as they are; the transcript tells only how many."""
        self.transcript.append(("S", f"<{count} octets>"))
        if self._read + count > self.most:
            raise Inconclusive(f"{self.where} announced {count} octets")
        while len(self._buffer) < count:
            if not await self._receive():
                raise Inconclusive(f"{self.where} closed the connection in a message")
        return self._taken(count)

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
            raise Inconclusive(f"{self.where} sent more than {self.most} octets")
        return octets

    async def send(self, command: str, shown: str = "") -> None:
        """Send one command; `shown` stands for it in the transcript when it holds credentials."""
        self.transcript.append(("C", shown or command))
        self._pipe.send(command.encode() + b"\r\n")

    async def send_octets(self, octets: bytes) -> None:
        """Send octets as they are."""
        self.transcript.append(("C", f"<{len(octets)} octets>"))
        self._pipe.send(octets)

    async def send_text(self, text: bytes) -> None:
        """Send lines up to a lone dot, with dots at their beginning doubled (RFC 5321 §4.5.2)."""
        lines = text.removesuffix(b"\r\n").split(b"\r\n")
        self.transcript.append(("C", f"<{len(lines)} lines>"))
        stuffed = (b"." + line if line.startswith(b".") else line for line in lines)
        self._pipe.send(b"\r\n".join(stuffed) + b"\r\n.\r\n")

    async def upgrade(self, agreed: Reply, context: ssl.SSLContext, name: str) -> dict[str, Reply]:
        """Start TLS when the server agreed to; return the probe `injection` when text was slipped in.

        Raises ssl.SSLCertVerificationError for a chain that `context` does not trust.
        """
        if not agreed.is_positive:
            return {}
        injected = self._injected()
        await self.start_tls(context, name)
        return {"injection": Reply("injected", (injected,))} if injected else {}

    async def secure(self, agreed: Reply, context: ssl.SSLContext, name: str) -> None:
        """Start TLS before something secret is said; raises Inconclusive where that is not safe."""
        if not agreed.is_positive:
            raise Inconclusive(f"{self.where} rejects STARTTLS: {agreed}")
        if await self.upgrade(agreed, context, name):
            raise Inconclusive(
                f"{self.where} sent plaintext before the TLS handshake; no password was sent"
            )

    def _injected(self) -> str:
        """Take away what was sent in clear after the agreement, to be taken as said inside TLS.

        RFC 3207 §6: whatever stands between the reply and the handshake is nobody's word.
        """
        text = bytes(self._buffer).split(b"\r\n")[0].decode("utf-8", "backslashreplace")
        self._buffer.clear()
        return text

    async def agrees_on(self, context: ssl.SSLContext, name: str) -> NegotiatedTls:
        """Return what is agreed on, nothing when the server wants none of it.

        Raises Inconclusive when it is this side that has none.
        """
        try:
            await self._pipe.start_tls(context, name)
        except ssl.SSLError as why:
            if why.reason in OUR_OWN:
                raise Inconclusive(f"{self.where}: {UNABLE}") from None
            return NegotiatedTls()
        except OSError:
            return NegotiatedTls()
        tls = self.tls()
        if not tls:
            return NegotiatedTls()
        facts = facts_of(tls, "")
        return NegotiatedTls(facts.version, facts.cipher, facts.key_digest)

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Shake hands; raises ssl.SSLCertVerificationError for a chain that `context` does not trust."""
        try:
            await self._pipe.start_tls(context, name)
        except ssl.SSLCertVerificationError:
            raise
        except (ssl.SSLError, OSError) as why:
            raise Inconclusive(f"{self.where}: TLS handshake failed: {reason(why)}") from None

    def tls(self) -> ssl.SSLObject | None:
        """Return the TLS layer, when there is one."""
        return self._pipe.tls

    def told(self) -> tuple[str, ...]:
        """Return the transcript, a line each."""
        return tuple(f"{side}: {text}" for side, text in self.transcript)

    def commands(self) -> int:
        """Return how many commands were sent."""
        return sum(side == "C" for side, _ in self.transcript)

    async def close(self, farewell: str = "") -> None:
        """Say goodbye, wait for the other side's for a moment, and close whatever happens."""
        try:
            if farewell:
                async with asyncio.timeout(QUIT_SECONDS):
                    await self.send(farewell)
                    await self.line()
                    await self._pipe.end()
        except (Inconclusive, OSError, TimeoutError):
            pass
        finally:
            self._pipe.close()


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
