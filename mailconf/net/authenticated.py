"""Logins with real passwords, over verified TLS alone, and a message sent and fetched as users do."""

from __future__ import annotations

import asyncio
import secrets
import ssl
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace

from mailconf.model.endpoint import Endpoint, EndpointAddress, Family, Security
from mailconf.model.questions.delivery import Delivery, DeliveryReport, ProbeRoute
from mailconf.model.questions.logins import Account
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.questions.transactions import Envelope
from mailconf.model.world import ConnectionRejected, Inconclusive, NotApplicable
from mailconf.net import access, imap_mailbox, pop3_mailbox
from mailconf.net.access_protocols import FAREWELLS, LANGUAGES
from mailconf.net.echo import Echo
from mailconf.net.line import MAX_MAILBOX, Connection
from mailconf.net.probe_message import Fetched, composed, head
from mailconf.net.smuggling import SEQUENCES, ends_early
from mailconf.net.submission import Submission, User
from mailconf.net.tls import Contexts
from mailconf.net.turns import Turns

SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds between two looks into a mailbox; each is a login."""
AFTER_SECONDS = 3
"""How long a second reader may need for what the first one has found."""
STRANGER = "probe@mailconf-probe-foreign.example"
"""Whoever writes from outside: nobody's domain, so that no policy forbids it."""
Reveal = Callable[[str], str]
"""Returns the value behind a reference; raises Inconclusive."""
Dial = Callable[
    [EndpointAddress, ssl.SSLContext | None, str], AbstractAsyncContextManager[Connection]
]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """How a message with a token is fetched and removed."""

    fetched: Callable[[Connection, str, str], Awaitable[Fetched | None]]
    removed: Callable[[Connection, str, Mapping[str, str]], Awaitable[Reply | None]]


MAILBOXES: Mapping[Family, Mailbox] = {
    "imap": Mailbox(imap_mailbox.fetched, imap_mailbox.removed),
    "pop3": Mailbox(pop3_mailbox.fetched, pop3_mailbox.removed),
}


@dataclass(frozen=True, slots=True)
class AuthenticatedSessions:
    """Logs in with the passwords that `reveal` returns; without it nobody does."""

    dial: Dial
    contexts: Contexts
    ehlo_name: str
    reveal: Reveal | None = None
    turns: Turns = field(default_factory=Turns)

    async def login(self, listener: EndpointAddress, account: Account) -> Session:
        """Log in, and look around."""
        credentials = await self._credentials(account)
        echo = Echo(credentials, (account.address, str(listener)))
        with echo.in_faults():
            return echo.session(await self._login(listener, account, credentials))

    async def _login(
        self, listener: EndpointAddress, account: Account, credentials: str
    ) -> Session:
        point = listener.endpoint
        turn = self.turns.right() if account.password else self.turns.wrong()
        async with turn, self._at(listener) as connection:
            if point.protocol.family == "smtp":
                return await self._submission(connection, point, account, credentials).look()
            language, context = LANGUAGES[point.protocol.family], self.contexts.trusted
            return await access.login(language, connection, point, context, credentials)

    async def journey(self, trip: ProbeRoute) -> DeliveryReport:
        """Send, look wherever users read, and remove what was sent, whatever happens meanwhile."""
        echo = await self._echo(trip)
        async with self.turns.right():
            with echo.in_faults():
                return echo.journey(await self._journey(trip))

    async def _echo(self, trip: ProbeRoute) -> Echo:
        places = map(str, (trip.by, *trip.readers))
        return Echo(await self._credentials(trip.account), (trip.account.address, *places))

    async def _journey(self, trip: ProbeRoute) -> DeliveryReport:
        token = secrets.token_hex(10)
        reply = await self._settled(trip, token)
        if not reply.is_positive:
            return DeliveryReport(token, reply)
        arrivals: dict[str, Delivery] = {}
        silences: dict[str, str] = {}
        try:
            await self._look(trip, token, arrivals, silences)
        finally:
            left = await self._remove(trip, token)
        return DeliveryReport(token, reply, arrivals, silences, left)

    async def smuggled(self, trip: ProbeRoute) -> tuple[str, ...]:
        """Try each end of data in a message of its own, and remove those that were taken."""
        with (await self._echo(trip)).in_faults():
            return await self._smuggled(trip)

    async def _smuggled(self, trip: ProbeRoute) -> tuple[str, ...]:
        taken: list[str] = []
        found: list[str] = []
        async with self.turns.right():
            try:
                for name in SEQUENCES:
                    token = secrets.token_hex(10)
                    handed_in = asyncio.Event()
                    try:
                        ended, was_taken = await self._ends(trip, token, name, handed_in)
                    except (Inconclusive, asyncio.CancelledError):
                        taken += [token] * handed_in.is_set()
                        raise
                    found += [name] * ended
                    taken += [token] * was_taken
            finally:
                for token in taken:
                    await self._look(trip, token, {}, {})
                    await self._remove(trip, token)
        return tuple(found)

    async def _ends(
        self, trip: ProbeRoute, token: str, name: str, handed_in: asyncio.Event
    ) -> tuple[bool, bool]:
        point, address = trip.by.endpoint, trip.account.address
        credentials, author = await self._credentials(trip.account), _author(trip)
        async with self._at(trip.by) as connection:
            answer = await self._submission(connection, point, trip.account, credentials).opened()
            if not answer.is_positive:
                said = (await self._echo(trip)).reply(answer)
                raise Inconclusive(f"{trip.by} rejects the login of {trip.account}: {said}")
            envelope = Envelope(_sender(trip), address)
            start = head(author, address, token)
            return await ends_early(connection, envelope, start, SEQUENCES[name], handed_in)

    async def _settled(self, trip: ProbeRoute, token: str) -> Reply:
        """Hand in a message; where that breaks off after its text was sent, it may have been taken."""
        handed_in = asyncio.Event()
        try:
            return await self._submit(trip, token, handed_in)
        except (Inconclusive, asyncio.CancelledError) as why:
            left = await self._withdrawn(trip, token) if handed_in.is_set() else ""
            if left and isinstance(why, Inconclusive):
                raise Inconclusive(
                    f"{why}; message {token} may still arrive and could not be removed: {left}"
                ) from None
            raise

    async def _withdrawn(self, trip: ProbeRoute, token: str) -> str:
        """Look for a message for a moment, and remove it; return why it could not be."""
        await self._look(replace(trip, seconds=AFTER_SECONDS), token, {}, {})
        return await self._remove(trip, token)

    async def _submit(self, trip: ProbeRoute, token: str, handed_in: asyncio.Event) -> Reply:
        credentials, point = await self._credentials(trip.account), trip.by.endpoint
        message = composed(_author(trip), trip.account.address, token)
        async with self._at(trip.by) as connection:
            told = self._submission(connection, point, trip.account, credentials)
            return await told.submit(_sender(trip), message, handed_in)

    def _submission(
        self, connection: Connection, point: Endpoint, account: Account, credentials: str
    ) -> Submission:
        user = User(account.address, credentials, account.other)
        # Nothing secret goes through port 25; whether its certificate is trusted is judged elsewhere.
        is_user = point.protocol.is_submission
        context = self.contexts.trusted if is_user else self.contexts.lenient
        return Submission(connection, point, context, self.ehlo_name, user)

    async def _look(
        self, trip: ProbeRoute, token: str, arrivals: dict[str, Delivery], silences: dict[str, str]
    ) -> None:
        begun = time.monotonic()
        until = begun + trip.seconds
        for reader in trip.readers:
            try:
                arrival = await self._awaited(reader, trip, token, begun, until)
            except (Inconclusive, ConnectionRejected) as why:
                silences[str(reader)] = str(why)
                continue
            if arrival:
                arrivals[str(reader)] = arrival
                until = min(until, time.monotonic() + AFTER_SECONDS)

    async def _awaited(
        self, reader: EndpointAddress, trip: ProbeRoute, token: str, begun: float, until: float
    ) -> Delivery | None:
        """Look until the message is there or time is up, once at least."""
        pause = SHORTEST_PAUSE
        while not (found := await self._fetched(reader, trip.account, token)):
            if time.monotonic() + pause > until:
                return None
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        spent = round(time.monotonic() - begun, 3)
        again = await self._fetched(reader, trip.account, token, found.id)
        if not again:  # Another session that removes messages in between can hide one for a moment.
            again = await self._fetched(reader, trip.account, token, found.id)
        message = found.octets.decode("latin-1")
        return Delivery(spent, found.folder, message, found.id, again.id if again else "")

    async def _fetched(
        self, reader: EndpointAddress, account: Account, token: str, known: str = ""
    ) -> Fetched | None:
        mailbox = MAILBOXES[reader.endpoint.protocol.family]
        async with self._inside(reader, account) as (connection, _):
            return await mailbox.fetched(connection, token, known)

    async def _remove(self, trip: ProbeRoute, token: str) -> str:
        """Remove the message at the first reader that can; return why none could."""
        why = "it was not found"
        for reader in trip.readers:
            try:
                async with self._inside(reader, trip.account) as (connection, offered):
                    mailbox = MAILBOXES[reader.endpoint.protocol.family]
                    reply = await mailbox.removed(connection, token, offered)
            except (Inconclusive, ConnectionRejected) as silence:
                why = str(silence)
                continue
            if reply and reply.is_positive:
                return ""
            why = str(reply) if reply else why
        return why

    @asynccontextmanager
    async def _inside(
        self, listener: EndpointAddress, account: Account
    ) -> AsyncIterator[tuple[Connection, Mapping[str, str]]]:
        """Give a connection that is logged in, and its capabilities; raises Inconclusive."""
        language = LANGUAGES[listener.endpoint.protocol.family]
        credentials = await self._credentials(account)
        async with self._at(listener) as connection:
            await access.opened(language, connection, listener.endpoint, self.contexts.trusted)
            answer = await language.authenticate(connection, credentials)
            if not answer.is_positive:
                said = Echo(credentials, (account.address, str(listener))).reply(answer)
                raise Inconclusive(f"{listener} rejects the login of {account}: {said}")
            connection.most = MAX_MAILBOX
            yield connection, await language.capabilities(connection)

    @asynccontextmanager
    async def _at(self, listener: EndpointAddress) -> AsyncIterator[Connection]:
        point = listener.endpoint
        at_once = self.contexts.trusted if point.security is Security.IMPLICIT_TLS else None
        try:
            farewell = FAREWELLS[point.protocol.family]
            async with self.dial(listener, at_once, farewell) as connection:
                yield connection
        except ssl.SSLCertVerificationError as why:
            fault = f"its certificate is not trusted ({why.verify_message})"
            raise Inconclusive(f"{listener}: {fault}, so no password was sent") from None

    async def _credentials(self, account: Account) -> str:
        """Return what PLAIN sends (RFC 4616 §2), in base64; of a wrong password when that is wanted."""
        if not self.reveal:
            raise NotApplicable("login checks require --intrusive")
        password = secrets.token_hex(12)
        if account.password:  # a reference may be a command that takes its time
            password = await asyncio.to_thread(self.reveal, account.password)
        plain = f"\0{account.address}\0{password}"
        # The environment may hold octets that are no UTF-8: they are sent as they are.
        return b64encode(plain.encode("utf-8", "surrogateescape")).decode()


def _sender(trip: ProbeRoute) -> str:
    """Return the reverse-path: from outside it is null, of which no server asks whether it exists."""
    return trip.account.address if trip.by.endpoint.protocol.is_submission else ""


def _author(trip: ProbeRoute) -> str:
    return trip.author or _sender(trip) or STRANGER
