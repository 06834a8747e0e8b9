"""The World as it is: every question asked once a run, politely and within bounds."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from mailconf.formats.names import absolute, relative
from mailconf.model.endpoint import Endpoint, Listener, Security
from mailconf.model.world import (
    Account,
    Agreement,
    Answer,
    CannotTell,
    Envelope,
    Journey,
    Offer,
    Page,
    Port,
    Refused,
    Reply,
    Session,
    Trip,
)
from mailconf.net import access, dns, https, smtp
from mailconf.net.authorities import LiveAuthorities
from mailconf.net.dial import Place, dialled, knock
from mailconf.net.injection import injected
from mailconf.net.languages import FAREWELLS, LANGUAGES
from mailconf.net.line import Connection
from mailconf.net.logins import LiveLogins, Reveal
from mailconf.net.public import check_public
from mailconf.net.recent import Recent
from mailconf.net.resolvers import Resolver, address_of, resolver_of, system_resolvers
from mailconf.net.telling import Hear
from mailconf.net.tls import Contexts

T = TypeVar("T")
SESSION_SECONDS = 15.0
KNOCK_SECONDS = 2.5
"""One lost packet is sent again within this time (RFC 6298 §2)."""
AT_ONCE = 100
"""Sockets open at the same time."""
AT_ONE_ADDRESS = 4
"""Servers count connections per client and answer 421 to the next one."""
EHLO_NAME = "mailconf-probe.invalid"


class LiveWorld:
    """Answers from the network.

    `resolver` is ADDRESS or ADDRESS:PORT of the one to ask, [ADDRESS]:PORT for IPv6; without it and
    without `resolvers` the system's are asked. `now` is the time of the call unless it is given.
    `connect` maps HOST or HOST:PORT to the ADDRESS or ADDRESS:PORT to reach it at; `source` is the local
    address to come from. `reveal` returns the password behind a reference; without it nobody logs in, and
    no mail is sent. With `public_only` no other address is connected to than those that the Internet
    reaches and those in `connect`.
    """

    def __init__(
        self,
        *,
        resolver: str = "",
        now: datetime | None = None,
        resolvers: tuple[Resolver, ...] = (),
        ca_file: Path | None = None,
        connect: Mapping[str, str] | None = None,
        ehlo_name: str = EHLO_NAME,
        source: str = "",
        seconds: float = SESSION_SECONDS,
        reveal: Reveal | None = None,
        public_only: bool = False,
    ) -> None:
        self.now = now or datetime.now(UTC)
        named = (resolver_of(resolver),) if resolver else resolvers
        self._contexts = Contexts(ca_file)
        self._connect = dict(connect or {})
        self._ehlo_name = ehlo_name
        self._source = source
        self._seconds = seconds
        self._public_only = public_only
        self._dns = dns.Asker(source)
        self._zones = LiveAuthorities(self, dns=self._dns, public_only=public_only)
        self._logins = LiveLogins(self._dialled, self._contexts, ehlo_name, reveal)
        self._answers = Recent(partial(self._dns.begin, named or system_resolvers()))
        self._asked: dict[Hashable, asyncio.Task[Any]] = {}
        self._all = asyncio.Semaphore(AT_ONCE)
        self._each: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(AT_ONE_ADDRESS)
        )

    def dns(self, name: str, rtype: str) -> Coroutine[Any, Any, Answer]:
        """Ask a resolver."""
        return self._answers.get(name, rtype)

    def tell(self, name: str, rtype: str, hear: Hear[Answer]) -> None:
        """Ask a resolver, and have the answer told: cheaper than waiting for it, where many are asked."""
        self._answers.tell(name, rtype, hear)

    async def answers(self, name: str, rtype: str) -> Mapping[str, Answer | CannotTell]:
        """Ask the servers of the zone themselves."""
        return await self._zones.answers(name, rtype)

    async def session(self, listener: Listener) -> Session:
        """Hold one session with a listener."""
        return await self._once(("session", *self._key(listener)), lambda: self._session(listener))

    def _place(self, host: str, address: str, port: int) -> Place:
        """Return where a port of a host is reached."""
        given = self._connect.get(f"{host}:{port}") or self._connect.get(host)
        if not given and self._public_only:
            check_public(address, host)
        found, mapped = address_of(given or address)
        return Place(found, mapped or port, self._source)

    def _key(self, listener: Listener) -> tuple[Endpoint, Place]:
        """Return what makes two listeners the same: several addresses may be reached at one place."""
        return listener.endpoint, self._place_of(listener)

    def _place_of(self, listener: Listener) -> Place:
        point = listener.endpoint
        return self._place(point.host, str(listener.address), point.port)

    async def transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        """Try envelopes in one session."""
        key = ("transactions", *self._key(listener), envelopes)
        return await self._once(key, lambda: self._transactions(listener, envelopes))

    async def login(self, listener: Listener, account: Account) -> Session:
        """Log in, and look around."""
        key = ("login", *self._key(listener), account)
        return await self._once(key, lambda: self._logins.login(listener, account))

    async def journey(self, trip: Trip) -> Journey:
        """Send a message round."""
        return await self._once(("journey", trip), lambda: self._logins.journey(trip))

    async def injected(self, listener: Listener) -> str:
        """Send a command together with STARTTLS."""
        return await self._once(
            ("injected", *self._key(listener)), lambda: self._injected(listener)
        )

    async def smuggled(self, trip: Trip) -> tuple[str, ...]:
        """Try other ends of data."""
        return await self._once(("smuggled", trip), lambda: self._logins.smuggled(trip))

    async def agreed(self, listener: Listener, offer: Offer) -> Agreement:
        """Offer little."""
        key = ("agreed", *self._key(listener), offer)
        return await self._once(key, lambda: self._agreed(listener, self._contexts.offering(offer)))

    async def knock(self, listener: Listener) -> Port:
        """Connect and hang up."""
        return await self._once(("knock", *self._key(listener)), lambda: self._knock(listener))

    async def page(self, url: str, xml: str = "", at: str = "") -> Page:
        """Fetch a page from the first address of its host that answers."""
        return await self._once(("page", url, xml, at), lambda: self._page(url, xml, at))

    async def _once(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """Share one task between all who ask the same; a failure is an answer too."""
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(ask())
        # Shielded: one check that is cancelled must not take the answer from the others.
        found: T = await asyncio.shield(self._asked[key])
        return found

    async def _knock(self, listener: Listener) -> Port:
        async with self._all:
            return await knock(self._place_of(listener), KNOCK_SECONDS)

    async def _session(self, listener: Listener) -> Session:
        async with self._each[self._place_of(listener).address], self._all:
            try:
                return await self._talk(listener, self._contexts.strict, "")
            except ssl.SSLCertVerificationError as why:
                return await self._talk(listener, self._contexts.lenient, why.verify_message)

    async def _talk(self, listener: Listener, context: ssl.SSLContext, fault: str) -> Session:
        point = listener.endpoint
        at_once = context if point.security is Security.IMPLICIT_TLS else None
        place, farewell = self._place_of(listener), FAREWELLS[point.protocol.family]
        async with dialled(listener, place, at_once, self._seconds, farewell) as connection:
            return await self._speak(connection, listener, context, fault)

    async def _speak(
        self, connection: Connection, listener: Listener, context: ssl.SSLContext, fault: str
    ) -> Session:
        point = listener.endpoint
        if point.protocol.family == "smtp":
            return await smtp.session(connection, point, context, fault, self._ehlo_name)
        language = LANGUAGES[point.protocol.family]
        return await access.session(language, connection, point, context, fault)

    async def _transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        point, context = listener.endpoint, self._contexts.lenient
        at_once = context if point.security is Security.IMPLICIT_TLS else None
        async with self._dialled(listener, at_once, FAREWELLS["smtp"]) as connection:
            return await smtp.transactions(connection, point, context, self._ehlo_name, envelopes)

    async def _injected(self, listener: Listener) -> str:
        async with self._dialled(listener) as connection:
            await self._greeted(connection, listener.endpoint)
            return await injected(connection, listener.endpoint, self._contexts.lenient)

    async def _agreed(self, listener: Listener, context: ssl.SSLContext) -> Agreement:
        point = listener.endpoint
        async with self._dialled(listener) as connection:
            if point.security is Security.STARTTLS:
                await self._greeted(connection, point)
                agreed = await self._asks_for_tls(connection, point)
                if not agreed.is_positive:
                    raise CannotTell(f"{listener} does not start TLS: {agreed}")
            return await connection.agrees_on(context, point.host)

    @asynccontextmanager
    async def _dialled(
        self, listener: Listener, context: ssl.SSLContext | None = None, farewell: str = ""
    ) -> AsyncIterator[Connection]:
        async with (
            self._each[self._place_of(listener).address],
            self._all,
            dialled(
                listener, self._place_of(listener), context, self._seconds, farewell
            ) as connection,
        ):
            yield connection

    async def _greeted(self, connection: Connection, point: Endpoint) -> None:
        if point.protocol.family == "smtp":
            await smtp.greeted(connection, self._ehlo_name)
        else:
            await LANGUAGES[point.protocol.family].greeting(connection)

    async def _asks_for_tls(self, connection: Connection, point: Endpoint) -> Reply:
        if point.protocol.family == "smtp":
            return await smtp.said(connection, "STARTTLS")
        return await LANGUAGES[point.protocol.family].ask_for_tls(connection)

    async def _page(self, url: str, xml: str, at: str) -> Page:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or https.PORTS[parts.scheme]
        refused: Exception = CannotTell(f"{url}: {host} has no address")
        for place in await self._places(host, port, at):
            key = ("page at", url, xml, place)
            try:
                return await self._once(key, partial(self._page_at, url, xml, place))
            except (CannotTell, Refused) as why:
                refused = why
        raise refused

    async def _page_at(self, url: str, xml: str, place: Place) -> Page:
        async with self._each[place.address], self._all:
            wanted = https.target(url, place.address, place.port, self._source)
            return await https.fetched(wanted, xml, self._contexts, self._seconds)

    async def _places(self, host: str, port: int, at: str) -> tuple[Place, ...]:
        """Return where a web server is reached, the operator's word before that of DNS."""
        if self._connect.keys() & {host, f"{host}:{port}"} or (at and not self._connect):
            return (self._place(host, at, port),)
        name = absolute(host)
        found = [await self.dns(name, rtype) for rtype in ("A", "AAAA")]
        for answer in found:
            # autoconfig.<domain> is an alias of the host that the operator told us to reach.
            alias = relative(answer.alias)
            if self._connect.keys() & {alias, f"{alias}:{port}"}:
                return (self._place(alias, "", port),)
        values = [at] if at else [value for answer in found for value in answer.values]
        for value in values if self._public_only else ():
            check_public(value, host)
        return tuple(Place(value, port, self._source) for value in values)
