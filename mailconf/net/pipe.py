"""Octets to and from one peer, with TLS between when it is wanted.

asyncio's streams have TLS of their own, but cost half as much again, and hide what was received before it.
"""

from __future__ import annotations

import ssl
from contextlib import suppress

from mailconf.net.stream import Stream, connected

CHUNK = 16_384
"""Octets that TLS yields at a time: a record holds no more (RFC 8446 §5.1)."""


class Pipe:
    """A connection; errors are OSError, of which ssl.SSLError is one."""

    tls: ssl.SSLObject | None = None
    """The TLS layer, once the handshake is done."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()

    def send(self, octets: bytes) -> None:
        """Send all of it."""
        if self.tls:
            self.tls.write(octets)
            self._flush()
        else:
            self._stream.write(octets)

    async def receive(self) -> bytes:
        """Return what has come, some octets at least; nothing when the peer has ended it."""
        if not self.tls:
            return await self._stream.read()
        if not self._incoming.pending and not self.tls.pending():
            await self._feed()
        while True:
            try:
                return self.tls.read(CHUNK)
            except ssl.SSLWantReadError:
                pass
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            finally:
                self._flush()
            await self._feed()

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Shake hands as a client; raises ssl.SSLError, whose subclass tells of certificates."""
        tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                pass
            finally:
                # An alert, too: it tells the server why.
                self._flush()
            await self._feed()
        self.tls = tls

    def _flush(self) -> None:
        """Send what TLS has to say, answers to key updates too."""
        if self._outgoing.pending:
            self._stream.write(self._outgoing.read())

    async def _feed(self) -> None:
        octets = await self._stream.read()
        if octets:
            self._incoming.write(octets)
        else:
            self._incoming.write_eof()

    async def end(self) -> None:
        """Say that nothing more comes, and wait until the peer says so too; raises OSError."""
        if self.tls:
            with suppress(ssl.SSLError):  # its own farewell has not come yet
                self.tls.unwrap()
            self._flush()
        self._stream.finish()
        while await self._stream.read():
            pass

    def close(self) -> None:
        """Close the connection, whatever is under way."""
        self._stream.close()


async def piped(address: str, port: int, source: str) -> Pipe:
    """Connect from `source`, if one is given; raises OSError."""
    return Pipe(await connected(address, port, source))
