"""A stub resolver for one server: many questions at once over a few UDP sockets.

Every question has a random id on a socket with a random port (RFC 5452 §9); an answer counts when
both fit and it repeats the question. Sockets are open while somebody waits.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from dataclasses import dataclass, field

from mailconf.net import wire
from mailconf.net.dial import bound

SOCKETS = 2
WINDOW = 100
"""Questions under way: more than this and a server's socket buffer drops them."""
LARGEST = 65_535
BUFFER_OCTETS = 1 << 20
TICK_SECONDS = 0.05


class SilentError(Exception):
    """The server did not answer in time, or has not for so long that it is not asked any more."""


@dataclass(slots=True, eq=False)
class _Pending:
    question: bytes
    sent: float
    deadline: float
    answer: asyncio.Future[bytes]
    key: tuple[int, int]


@dataclass(slots=True)
class Stub:
    """What is under way to one server; `seconds` is how long an answer may take."""

    address: str
    port: int
    seconds: float
    source: str = ""
    _sockets: list[socket.socket] = field(default_factory=list)
    _pending: dict[tuple[int, int], _Pending] = field(default_factory=dict)
    _by_deadline: deque[_Pending] = field(default_factory=deque)
    _window: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WINDOW))
    _random: list[int] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None
    _heard: float = 0.0
    _silent_since: float = 0.0
    is_dead: bool = False
    """Asked again after a silence, it was silent again: one question at a time still tries it."""

    async def ask(self, question: bytes, flags: int) -> bytes:
        """Return the response to a question; raises SilentError, and OSError when nothing can be sent."""
        async with self._window:
            if self.is_dead and self._pending:
                raise SilentError(f"{self.address} port {self.port}: no answer in time, twice")
            pending = self._enter(question)
            try:
                self._send(pending, flags)
                return await pending.answer
            finally:
                # Nobody waits for it any more, whatever comes.
                pending.answer.cancel()
                self._pending.pop(pending.key, None)
                self._close_when_idle()

    def _enter(self, question: bytes) -> _Pending:
        loop = asyncio.get_running_loop()
        now, key = loop.time(), self._free_key()
        pending = _Pending(question, now, now + self.seconds, loop.create_future(), key)
        self._pending[key] = pending
        self._by_deadline.append(pending)
        return pending

    def _send(self, pending: _Pending, flags: int) -> None:
        """Send a question; what the system says may be about an earlier one, and is for all."""
        loop, (number, message_id) = asyncio.get_running_loop(), pending.key
        if not self._sockets:
            self._open(loop)
        if self._timer is None:
            self._timer = loop.call_later(TICK_SECONDS, self._tick)
        try:
            self._sockets[number].send(wire.query(message_id, flags, pending.question))
        except BlockingIOError:
            return  # as good as lost on the way
        except OSError as refused:
            self._fail(number, refused)

    def _free_key(self) -> tuple[int, int]:
        while True:
            if not self._random:
                # A system call for each would cost as much as the question.
                self._random.extend(os.urandom(3 * WINDOW))
            number, high, low = (self._random.pop() for _ in range(3))
            key = number % SOCKETS, high << 8 | low
            if key not in self._pending:
                return key

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        for number in range(SOCKETS):
            one = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
            self._sockets.append(one)
            local = bound(self.source, self.address)
            if local:
                one.bind(local)
            # Connected: the kernel drops what comes from anybody else.
            one.connect((self.address, self.port))
            loop.add_reader(one, self._read, number)

    def _read(self, number: int) -> None:
        """Take all that has arrived: a wake-up costs more than a datagram."""
        for _ in range(WINDOW):
            try:
                octets = self._sockets[number].recv(LARGEST)
            except (BlockingIOError, IndexError):
                return
            except OSError as refused:
                self._fail(number, refused)
                return
            self._match(number, octets)

    def _match(self, number: int, octets: bytes) -> None:
        pending = self._pending.get((number, int.from_bytes(octets[:2])))
        if pending is None or not wire.answers_question(octets, pending.question):
            return  # somebody's guess, or too late
        self._heard, self._silent_since = asyncio.get_running_loop().time(), 0.0
        self.is_dead = False
        if not pending.answer.done():
            pending.answer.set_result(octets)

    def _fail(self, number: int, why: OSError) -> None:
        """An ICMP message says that nobody is there: all who wait on the socket learn of it."""
        for key, pending in self._pending.items():
            if key[0] == number and not pending.answer.done():
                pending.answer.set_exception(why)

    def _tick(self) -> None:
        """End what has waited too long."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._by_deadline and (
            self._by_deadline[0].answer.done() or self._by_deadline[0].deadline <= now
        ):
            pending = self._by_deadline.popleft()
            if not pending.answer.done():
                self._note_silence(pending, now)
                why = f"{self.address} port {self.port}: no answer in time"
                pending.answer.set_exception(SilentError(why))
        self._timer = loop.call_later(TICK_SECONDS, self._tick) if self._by_deadline else None

    def _note_silence(self, pending: _Pending, now: float) -> None:
        if pending.sent < self._heard:
            return  # others were answered meanwhile: one packet was lost
        if not self._silent_since:
            self._silent_since = now
        elif pending.sent >= self._silent_since:
            self.is_dead = True

    def _close_when_idle(self) -> None:
        if self._pending:
            return
        loop = asyncio.get_running_loop()
        for one in self._sockets:
            loop.remove_reader(one)
            one.close()
        self._sockets.clear()
        self._by_deadline.clear()
        if self._timer:
            self._timer.cancel()
            self._timer = None
