"""A stub resolver for one server: many questions at once over a few UDP sockets.

Every question has a random id on a socket with a random port (RFC 5452 §9); an answer counts when
both fit and it repeats the question. Sockets are open while somebody waits. Answers are told by calls:
a future and a wake-up for each would cost as much as the question.
"""

from __future__ import annotations

import asyncio
import os
import socket
from array import array
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from mailconf.net import wire
from mailconf.net.callbacks import Hear, settle
from mailconf.net.stream import bound

SOCKETS = 2
WINDOW = 100
"""Questions under way: more than this and a server's socket buffer drops them."""
LARGEST = 65_535
BUFFER_OCTETS = 1 << 20
TICK_SECONDS = 0.05
REST_SECONDS = 10.0
"""How long a dead server is not asked, so that it costs a run twice its time-out and no more."""
ROOT = wire.question_of(".", "NS"), wire.RD
"""What every server has something to say to, be it no."""
KEYS = 256
"""Taken from the system at a time: a call for each would cost as much as the question."""


class SilentError(Exception):
    """The server did not answer in time, or has not for so long that it is not asked any more."""


@dataclass(slots=True, eq=False)
class Pending:
    """A question under way; whoever asked is told once."""

    question: bytes
    flags: int
    hear: Hear[bytes] | None
    """Is told the response, SilentError, or OSError when nothing can be sent; nobody, once that is done."""
    key: int = -1
    """The socket's number before the sixteen bits of the id."""
    sent: float = 0.0
    is_probe: bool = False


@dataclass(slots=True)
class Stub:
    """What is under way to one server; `seconds` is how long an answer may take."""

    address: str
    port: int
    seconds: float
    source: str = ""
    _sockets: list[socket.socket] = field(default_factory=list)
    _pending: dict[int, Pending] = field(default_factory=dict)
    _waiting: deque[Pending] = field(default_factory=deque)
    _outbox: list[Pending] = field(default_factory=list)
    _by_deadline: deque[Pending] = field(default_factory=deque)
    _keys: list[int] = field(default_factory=list)
    _askers: int = 0
    _timer: asyncio.TimerHandle | None = None
    _heard: float = 0.0
    _known: tuple[bytes, int] = ROOT
    """What it has answered before."""
    _probe: Pending | None = None
    _keeper: asyncio.Task[None] | None = None
    _idle: asyncio.Future[None] | None = None
    _rests_until: float = 0.0
    is_dead: bool = False
    """It was silent, and then to what it must know."""

    async def ask(self, question: bytes, flags: int) -> bytes:
        """Return the response to a question; raises SilentError, and OSError when nothing can be sent."""
        told: asyncio.Future[bytes | Exception] = asyncio.get_running_loop().create_future()
        pending = self.put(question, flags, partial(settle, told))
        try:
            heard = await told
        except asyncio.CancelledError:
            self._give_up(pending)
            raise
        if isinstance(heard, Exception):
            raise heard
        return heard

    def put(self, question: bytes, flags: int, hear: Hear[bytes]) -> Pending:
        """Ask, and have the answer told: at once when the server is known to be dead."""
        loop = asyncio.get_running_loop()
        pending = Pending(question, flags, hear)
        self._askers += 1
        if self._keeper is None:
            self._keeper = loop.create_task(self._keep_open(loop))
        if len(self._pending) < WINDOW:
            self._begin(pending, loop)
        else:
            self._waiting.append(pending)
        return pending

    async def _keep_open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait until nobody waits any more, or the whole run is interrupted, and close everything."""
        try:
            while self._askers:
                self._idle = loop.create_future()
                await self._idle
        finally:
            self._close(loop)

    def _tell(self, pending: Pending, what: bytes | Exception) -> None:
        hear, pending.hear = pending.hear, None
        if hear:
            self._leave()
            hear(what)

    def _leave(self) -> None:
        self._askers -= 1
        if not self._askers and self._idle and not self._idle.done():
            self._idle.set_result(None)

    def _give_up(self, pending: Pending) -> None:
        """Whoever asked does not wait any more."""
        if pending.hear:
            pending.hear = None
            self._forget(pending)
            self._leave()
            self._next(asyncio.get_running_loop())

    def _begin(self, pending: Pending, loop: asyncio.AbstractEventLoop) -> None:
        """Send a question, unless the server is dead: after a rest one at a time tries it again."""
        if self.is_dead and (self._pending or loop.time() < self._rests_until):
            self._end(pending, SilentError("timed out after 2 attempts"))
            return
        key = self._free_key()
        pending.key, pending.sent = key, loop.time()
        self._pending[key] = pending
        self._by_deadline.append(pending)
        if self._timer is None:
            self._timer = loop.call_later(TICK_SECONDS, self._tick, loop)
        if not self._outbox:
            loop.call_soon(self._send, loop)
        self._outbox.append(pending)

    def _send(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send what has gathered: a server that is busy need not be woken for each."""
        outbox, self._outbox = self._outbox, []
        for pending in outbox:
            if self._pending.get(pending.key) is not pending:
                continue
            number, message_id = divmod(pending.key, 1 << 16)
            try:
                if not self._sockets:
                    self._sockets = self._opened()
                    for at, one in enumerate(self._sockets):
                        loop.add_reader(one.fileno(), self._read, at, loop)
                self._sockets[number].send(wire.query(message_id, pending.flags, pending.question))
            except BlockingIOError:
                continue  # as good as lost on the way
            except OSError as refused:
                # What the system says may be about an earlier question, and is for all.
                self._fail(number, refused)

    def _free_key(self) -> int:
        while True:
            if not self._keys:
                self._keys = [key % (SOCKETS << 16) for key in array("L", os.urandom(8 * KEYS))]
            key = self._keys.pop()
            if key not in self._pending:
                return key

    def _opened(self) -> list[socket.socket]:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        local = bound(self.source, self.address)
        with ExitStack() as stack:
            found = [stack.enter_context(_datagrams(family)) for _ in range(SOCKETS)]
            for one in found:
                if local:
                    one.bind(local)
                # Connected: the kernel drops what comes from anybody else.
                one.connect((self.address, self.port))
            stack.pop_all()
        return found

    def _read(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        """Take all that has arrived: a wake-up costs more than a datagram.

        Whatever comes is a sign of life, also an answer that is too late.
        """
        receive, heard = self._sockets[number].recv, False
        try:
            for _ in range(WINDOW):
                octets, heard = receive(LARGEST), True
                self._match(number, octets)
        except BlockingIOError:
            pass
        except OSError as refused:
            self._fail(number, refused)
        if heard:
            self._heard, self.is_dead = loop.time(), False
        self._next(loop)

    def _match(self, number: int, octets: bytes) -> None:
        """Give an answer to whoever waits for it; others are somebody's guesses, or too late."""
        key = number << 16 | int.from_bytes(octets[:2])
        pending = self._pending.get(key)
        if pending is None or not wire.answers_question(octets, pending.question):
            return
        del self._pending[key]
        self._known = pending.question, pending.flags
        self._tell(pending, octets)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send what has waited for room."""
        while self._waiting and len(self._pending) < WINDOW:
            pending = self._waiting.popleft()
            if pending.hear:
                self._begin(pending, loop)

    def _fail(self, number: int, why: OSError) -> None:
        """An ICMP message says that nobody is there: all who wait on the socket learn of it."""
        for pending in [one for one in self._pending.values() if one.key >> 16 == number]:
            self._end(pending, why)

    def _forget(self, pending: Pending) -> None:
        """Another question may have its key by now."""
        if self._pending.get(pending.key) is pending:
            del self._pending[pending.key]

    def _end(self, pending: Pending, why: Exception) -> None:
        self._forget(pending)
        self._tell(pending, why)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        """End what has waited too long."""
        now = loop.time()
        while self._by_deadline:
            pending = self._by_deadline[0]
            if pending.hear:
                if pending.sent + self.seconds > now:
                    break
                self._end(pending, SilentError("timed out"))
                if pending.sent >= self._heard:
                    self._note_silence(pending, loop)
            self._by_deadline.popleft()
        self._next(loop)
        self._timer = loop.call_later(TICK_SECONDS, self._tick, loop) if self._by_deadline else None

    def _note_silence(self, pending: Pending, loop: asyncio.AbstractEventLoop) -> None:
        if pending.is_probe:
            self.is_dead, self._rests_until = True, loop.time() + REST_SECONDS
            while self._waiting:
                self._end(self._waiting.popleft(), SilentError("timed out after 2 attempts"))
        elif not self.is_dead and (self._probe is None or not self._probe.hear):
            self._probe = self._try()

    def _try(self) -> Pending:
        """After a silence: ask for what it knows, since the zone asked about may be the silent one."""
        probe = self.put(*self._known, lambda _: None)
        probe.is_probe = True
        return probe

    def _close(self, loop: asyncio.AbstractEventLoop) -> None:
        for one in self._sockets:
            loop.remove_reader(one.fileno())
            one.close()
        self._sockets.clear()
        for pending in (*self._pending.values(), *self._waiting):
            pending.hear = None
        self._by_deadline.clear()
        self._pending.clear()
        self._waiting.clear()
        self._askers, self._keeper = 0, None
        if self._timer:
            self._timer.cancel()
            self._timer = None


def _datagrams(family: socket.AddressFamily) -> socket.socket:
    one = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
    return one
