"""Protocols with a session, by family: how each greets, asks for TLS, and looks around."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from mailconf.model.endpoint import Endpoint, Family
from mailconf.model.questions.sessions import Reply, Session
from mailconf.net import access, smtp
from mailconf.net.access import AccessProtocol
from mailconf.net.access_protocols import FAREWELLS, LANGUAGES
from mailconf.net.line import Connection

Look = Callable[[Connection, Endpoint, ssl.SSLContext, str, str], Awaitable[Session]]


@dataclass(frozen=True, slots=True)
class SessionProtocol:
    """How a family of protocols begins.

    `greet` reads the greeting, and says the name of EHLO where the protocol has it. `session` takes the
    context, why the chain is not trusted, and the name of EHLO.
    """

    farewell: str
    greet: Callable[[Connection, str], Awaitable[object]]
    ask_for_tls: Callable[[Connection], Awaitable[Reply]]
    session: Look


def _of(family: Family, language: AccessProtocol) -> SessionProtocol:
    async def greet(connection: Connection, _ehlo: str) -> object:
        return await language.greeting(connection)

    async def session(
        connection: Connection, point: Endpoint, context: ssl.SSLContext, fault: str, _ehlo: str
    ) -> Session:
        return await access.session(language, connection, point, context, fault)

    return SessionProtocol(FAREWELLS[family], greet, language.ask_for_tls, session)


SMTP = SessionProtocol(
    FAREWELLS["smtp"], smtp.greeted, partial(smtp.said, command="STARTTLS"), smtp.session
)
PROTOCOLS: Mapping[Family, SessionProtocol] = {
    "smtp": SMTP,
    **{family: _of(family, language) for family, language in LANGUAGES.items()},
}
