"""Octets to and from one peer over TCP, as they are.

asyncio's transports do the same, in twice as many turns of the loop: half of what a session costs beside TLS.
"""

from __future__ import annotations

import asyncio
import socket

CHUNK = 65_536
MOST_UNREAD = 65_536
"""Octets that lie here before the peer has to wait."""
MOST_UNSENT = 1 << 20
"""Octets that may wait for a peer to read them."""


class Stream:
    """A connection; errors are OSError, told once everything that came before has been read."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket, self._fd = connected, connected.fileno()
        self._loop = asyncio.get_running_loop()
        self._arrived, self._unsent = bytearray(), bytearray()
        self._is_over = self._is_finished = self._is_full = False
        self._fault: OSError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._loop.add_reader(self._fd, self._take)

    @property
    def unread(self) -> int:
        """Return how many octets have come that nobody has taken."""
        return len(self._arrived)

    @property
    def is_full(self) -> bool:
        """Tell whether the peer has to wait until something is read."""
        return self._is_full

    async def read(self) -> bytes:
        """Return what has come, some octets at least; nothing when the peer has ended it."""
        while not self._arrived:
            if self._is_over and self._fault:
                raise self._fault
            if self._is_over:
                return b""
            self._waiter = self._loop.create_future()
            await self._waiter
        octets = bytes(self._arrived)
        self._arrived.clear()
        if self._is_full:
            self._is_full = False
            self._loop.add_reader(self._fd, self._take)
        return octets

    def write(self, octets: bytes) -> None:
        """Send all of it, sooner or later; a peer that does not read loses the connection."""
        if not self._unsent:
            octets = octets[self._sent(octets) :]
            if octets:
                self._loop.add_writer(self._fd, self._go_on)
        self._unsent += octets
        if len(self._unsent) > MOST_UNSENT:
            raise ConnectionAbortedError("it does not read what it is sent")

    def finish(self) -> None:
        """Say that nothing more comes, once all is sent."""
        self._is_finished = True
        if not self._unsent and not self._fault:
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close the connection, whatever is under way; twice is once."""
        if self._socket.fileno() < 0:
            return
        self._loop.remove_reader(self._fd)
        self._loop.remove_writer(self._fd)
        self._socket.close()

    def _take(self) -> None:
        """Called by the loop when something has come."""
        try:
            octets = self._socket.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError as why:
            self._fault = self._fault or why
            octets = b""
        self._arrived += octets
        self._is_over, self._is_full = not octets, len(self._arrived) > MOST_UNREAD
        if self._is_over or self._is_full:
            self._loop.remove_reader(self._fd)
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def _sent(self, octets: bytes | bytearray) -> int:
        """Return how many octets the system has taken; after an error it has taken all that it will.

        What the peer said before is still to be read.
        """
        try:
            return len(octets) if self._fault else self._socket.send(octets)
        except BlockingIOError:
            return 0
        except OSError as why:
            self._fault = why
            return len(octets)

    def _go_on(self) -> None:
        """Called by the loop when there is room to send."""
        del self._unsent[: self._sent(self._unsent)]
        if not self._unsent:
            self._loop.remove_writer(self._fd)
            if self._is_finished:
                self.finish()


async def connected(address: str, port: int, source: str) -> Stream:
    """Connect from `source`, if one is given; raises OSError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        local = bound(source, address)
        if local:
            one.bind(local)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(one, (address, port))
        return Stream(one)
    except BaseException:
        one.close()
        raise


def bound(source: str, address: str) -> tuple[str, int] | None:
    """Return what to bind to for a connection from `source`; None to a place of the other family."""
    same = source and (":" in source) == (":" in address)
    return (source, 0) if same else None
