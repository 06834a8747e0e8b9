"""How servers are reached: places, connections, turns, certificates, and who is asked for names."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Hashable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.question import Question
from mailconf.model.questions.dns import Answer
from mailconf.net.answer_cache import AnswerCache
from mailconf.net.authenticated import AuthenticatedSessions, Reveal
from mailconf.net.dial import Place, dialled
from mailconf.net.line import Connection
from mailconf.net.once import Once
from mailconf.net.protocols import PROTOCOLS, SessionProtocol
from mailconf.net.public import check_public
from mailconf.net.resolvers import address_of
from mailconf.net.tls import Contexts

AT_ONCE = 100
"""Sockets open at the same time."""
AT_ONE_ADDRESS = 4
"""Servers count connections per client and answer 421 to the next one."""


@dataclass(slots=True)
class Network:
    """What drivers reach servers with; the parameters are those of LiveWorld."""

    contexts: Contexts
    connect: Mapping[str, str]
    ehlo_name: str
    source: str
    seconds: float
    public_only: bool
    reveal: Reveal | None
    names: AnswerCache[Answer]
    """Answers of a resolver."""
    once: Once = field(default_factory=Once)
    _all: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _each: dict[str, asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(AT_ONE_ADDRESS))
    )

    logins: AuthenticatedSessions = field(init=False)

    def __post_init__(self) -> None:
        self.logins = AuthenticatedSessions(
            self.dialled, self.contexts, self.ehlo_name, self.reveal
        )

    def place(self, host: str, address: str, port: int) -> Place:
        """Return where a port of a host is reached."""
        given = self.connect.get(f"{host}:{port}") or self.connect.get(host)
        if not given and self.public_only:
            check_public(address, host)
        found, mapped = address_of(given or address)
        return Place(found, mapped or port, self.source)

    def place_of(self, listener: EndpointAddress) -> Place:
        """Return where a listener is reached."""
        point = listener.endpoint
        return self.place(point.host, str(listener.address), point.port)

    def identity(self, question: Question[Any]) -> Hashable:
        """Return what makes questions the same: several addresses may be reached at one place."""
        listener = getattr(question, "listener", None)
        if not isinstance(listener, EndpointAddress):
            return question
        names: Iterable[str] = type(question).__slots__
        rest = (getattr(question, name) for name in names if name != "listener")
        return question.kind, listener.endpoint, self.place_of(listener), *rest

    @asynccontextmanager
    async def turn(self, address: str = "") -> AsyncIterator[None]:
        """Wait until a socket more may be open, in all and to an address."""
        if not address:
            async with self._all:
                yield
            return
        async with self._each[address], self._all:
            yield

    @asynccontextmanager
    async def dialled(
        self, listener: EndpointAddress, context: ssl.SSLContext | None = None, farewell: str = ""
    ) -> AsyncIterator[Connection]:
        """Connect to a listener in turn; with a context TLS starts at once."""
        place = self.place_of(listener)
        async with (
            self.turn(place.address),
            dialled(listener, place, context, self.seconds, farewell) as connection,
        ):
            yield connection


def protocol_of(listener: EndpointAddress) -> SessionProtocol:
    """Return how a listener is spoken to."""
    return PROTOCOLS[listener.endpoint.protocol.family]
