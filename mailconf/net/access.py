"""One polite session with an IMAP, POP3 or ManageSieve server: the same steps, three languages."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from mailconf.model.endpoint import Endpoint, Security
from mailconf.model.questions.sessions import Reply, Session
from mailconf.net.line import MAX_MAILBOX, Connection
from mailconf.net.tls import facts_of


@dataclass(frozen=True, slots=True)
class AccessProtocol:
    """How one protocol greets, lists capabilities, tries a login, asks for TLS, and logs in.

    `authenticate` takes the credentials of SASL PLAIN in base64 (RFC 4616), `look` the capabilities
    after it. `upgrade_keyword` is the capability that offers TLS; `inside` reads the capabilities after it
    has started, for servers that list them unasked.
    """

    upgrade_keyword: str
    greeting: Callable[[Connection], Awaitable[Reply]]
    capabilities: Callable[[Connection], Awaitable[dict[str, str]]]
    login: Callable[[Connection], Awaitable[Reply]]
    ask_for_tls: Callable[[Connection], Awaitable[Reply]]
    authenticate: Callable[[Connection, str], Awaitable[Reply]]
    look: Callable[[Connection, Mapping[str, str]], Awaitable[dict[str, Reply]]]
    inside: Callable[[Connection], Awaitable[dict[str, str]]] | None = None


async def session(
    language: AccessProtocol,
    connection: Connection,
    endpoint: Endpoint,
    context: ssl.SSLContext,
    fault: str,
) -> Session:
    """Read the greeting, ask for capabilities, upgrade, ask again. Nobody is logged in."""
    greeting = await language.greeting(connection)
    capabilities = await language.capabilities(connection)
    in_clear = endpoint.security is Security.STARTTLS
    upgrade, after = None, capabilities
    probes: dict[str, Reply] = {}
    if in_clear:
        probes["login before TLS"] = await language.login(connection)
        if language.upgrade_keyword in capabilities:
            upgrade = await language.ask_for_tls(connection)
            probes |= await connection.upgrade(upgrade, context, endpoint.host)
            inside = language.inside or language.capabilities
            after = await inside(connection) if upgrade.is_positive else {}
    tls = connection.tls()
    return Session(
        greeting=greeting,
        before=capabilities if in_clear else {},
        upgrade=upgrade,
        tls=facts_of(tls, fault) if tls else None,
        after=after if tls else {},
        probes=probes,
        transcript=connection.told(),
        waited=connection.waited,
    )


async def opened(
    language: AccessProtocol, connection: Connection, endpoint: Endpoint, context: ssl.SSLContext
) -> Reply:
    """Greet, and see that TLS runs; return the greeting. Raises Inconclusive when it does not."""
    greeting = await language.greeting(connection)
    if endpoint.security is Security.STARTTLS:
        await connection.secure(await language.ask_for_tls(connection), context, endpoint.host)
        if language.inside:
            await language.inside(connection)
    return greeting


async def login(
    language: AccessProtocol,
    connection: Connection,
    endpoint: Endpoint,
    context: ssl.SSLContext,
    credentials: str,
) -> Session:
    """Log in with the credentials of SASL PLAIN, in base64, and look around."""
    greeting = await opened(language, connection, endpoint, context)
    probes = {"login": await language.authenticate(connection, credentials)}
    after: dict[str, str] = {}
    if probes["login"].is_positive:
        connection.most = MAX_MAILBOX
        after = await language.capabilities(connection)
        probes |= await language.look(connection, after)
    return Session(greeting, after=after, probes=probes, transcript=connection.told())
