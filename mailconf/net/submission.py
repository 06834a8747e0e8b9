"""A user at a submission port (RFC 6409): logs in, tries what must not go, hands a message in."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from mailconf.model.endpoint import Endpoint, Security
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.questions.transactions import Envelope
from mailconf.net.line import HIDDEN, Connection
from mailconf.net.smtp import (
    above_limit,
    greeted,
    hello,
    keywords,
    reply,
    said,
    transaction,
    up_to_data,
)


@dataclass(frozen=True, slots=True)
class User:
    """An address, what SASL PLAIN sends for it (RFC 4616), in base64, and somebody else's address."""

    address: str
    credentials: str
    other: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One connection to a submission port, on which `user` logs in."""

    connection: Connection
    endpoint: Endpoint
    context: ssl.SSLContext
    ehlo_name: str
    user: User

    async def look(self) -> Session:
        """Log in, and see what a user may do; each transaction is taken back."""
        greeting, offered = await self._opened()
        probes = {"login": await self._authenticate()}
        if probes["login"].is_positive:
            envelope = Envelope(self.user.other, self.user.address)
            probes["foreign sender"] = await transaction(self.connection, envelope)
            probes |= await above_limit(self.connection, self.user.address, offered)
        told = self.connection.told()
        return Session(greeting, after=offered, probes=probes, transcript=told)

    async def submit(self, sender: str, message: bytes, handed_in: asyncio.Event) -> Reply:
        """Hand in a message to the user; return the reply that settled it.

        `handed_in` is set when its text goes out: from then on it may be taken, whatever follows.
        """
        answer = await self.opened()
        if answer.is_positive:
            envelope = Envelope(sender, self.user.address)
            answer = await up_to_data(self.connection, envelope)
        if not answer.is_positive:
            return answer
        handed_in.set()
        await self.connection.send_text(message)
        return await reply(self.connection)

    async def opened(self) -> Reply:
        """Greet, start TLS, and log in where users do; return the last answer."""
        await self._opened()
        if self.endpoint.protocol.is_submission:
            return await self._authenticate()
        return Reply("250")

    async def _opened(self) -> tuple[Reply, dict[str, str]]:
        greeting, offered = await greeted(self.connection, self.ehlo_name)
        if self._wants_tls(dict(keywords(offered))):
            agreed = await said(self.connection, "STARTTLS")
            await self.connection.secure(agreed, self.context, self.endpoint.host)
            offered = await hello(self.connection, self.ehlo_name)
        return greeting, dict(keywords(offered))

    def _wants_tls(self, offered: Mapping[str, str]) -> bool:
        """Users insist on it; between servers it is started where it is offered."""
        if self.endpoint.security is not Security.STARTTLS:
            return False
        return self.endpoint.protocol.is_submission or "STARTTLS" in offered

    async def _authenticate(self) -> Reply:
        """Authenticate with PLAIN in one line (RFC 4954 §4)."""
        line = f"AUTH PLAIN {self.user.credentials}"
        await self.connection.send(line, shown=f"AUTH PLAIN {HIDDEN}")
        return await reply(self.connection)
