"""Octets to and from one peer, with TLS between when it is wanted.

asyncio's streams have TLS of their own, but cost half as much again, and hide what was received before it.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress

CHUNK = 16_384
"""Octets that TLS yields at a time: a record holds no more (RFC 8446 §5.1)."""
MOST_UNREAD = 65_536
"""Octets that lie here before the peer has to wait."""
MOST_UNSENT = 1 << 20
"""Octets that may wait for a peer to read them."""


class Pipe(asyncio.Protocol):
    """A connection; errors are OSError, of which ssl.SSLError is one."""

    tls: ssl.SSLObject | None = None
    """The TLS layer, once the handshake is done."""

    def __init__(self) -> None:
        self._arrived = bytearray()
        self._is_over = False
        self._fault: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101, for the type
        self._transport = transport
        self._loop = asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        """Called by the loop with what has come."""
        self._arrived += data
        if len(self._arrived) > MOST_UNREAD:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """Called by the loop; we may still have something to say."""
        self._is_over = True
        self._wake()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop, with what broke it."""
        self._is_over, self._fault = True, exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def send(self, octets: bytes) -> None:
        """Send all of it."""
        if self.tls:
            self.tls.write(octets)
            self._flush()
        else:
            self._transport.write(octets)

    async def receive(self) -> bytes:
        """Return what has come, some octets at least; nothing when the peer has ended it."""
        if not self.tls:
            return await self._raw()
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
        """Send what TLS has to say, answers to key updates too; a peer that does not read has lost."""
        if self._outgoing.pending:
            self._transport.write(self._outgoing.read())
            if self._transport.get_write_buffer_size() > MOST_UNSENT:
                raise ConnectionAbortedError("it does not read what it is sent")

    async def _feed(self) -> None:
        octets = await self._raw()
        if octets:
            self._incoming.write(octets)
        else:
            self._incoming.write_eof()

    async def _raw(self) -> bytes:
        """Return what has come as it is; raises OSError when the connection broke, once that is read."""
        while not self._arrived:
            if self._fault:
                raise self._fault
            if self._is_over:
                return b""
            self._waiter = self._loop.create_future()
            await self._waiter
        octets = bytes(self._arrived)
        self._arrived.clear()
        if len(octets) > MOST_UNREAD:
            self._transport.resume_reading()
        return octets

    async def end(self) -> None:
        """Say that nothing more comes, and wait until the peer says so too; raises OSError."""
        if self.tls:
            with suppress(ssl.SSLError):  # its own farewell has not come yet
                self.tls.unwrap()
            self._flush()
        if self._transport.can_write_eof():
            self._transport.write_eof()
        while await self._raw():
            pass

    def close(self) -> None:
        """Close the connection, whatever is under way."""
        self._transport.abort()


async def connected(address: str, port: int, source: str) -> Pipe:
    """Connect from `source`, if one is given; raises OSError."""
    loop, local = asyncio.get_running_loop(), bound(source, address)
    _, pipe = await loop.create_connection(Pipe, address, port, local_addr=local)
    return pipe


def bound(source: str, address: str) -> tuple[str, int] | None:
    """Return what to bind to for a connection from `source`; None to a place of the other family."""
    same = source and (":" in source) == (":" in address)
    return (source, 0) if same else None
