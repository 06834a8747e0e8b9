"""One polite POP3 session (RFC 1939, RFC 2449), and the facts it shows. Nobody is logged in."""

from __future__ import annotations

import ssl

from mailconf.model.endpoint import Endpoint, Security
from mailconf.model.world import CannotTell, Reply, Session
from mailconf.net.line import HIDDEN, MAX_LINES, Connection
from mailconf.net.tls import facts_of


async def session(
    connection: Connection, endpoint: Endpoint, context: ssl.SSLContext, fault: str
) -> Session:
    """Read the greeting, ask for capabilities, upgrade, ask again."""
    greeting = await _reply(connection)
    if not greeting.is_positive:
        raise CannotTell(f"{connection.where} does not talk to us: {greeting}")
    capabilities = await _capabilities(connection)
    in_clear = endpoint.security is Security.STARTTLS
    upgrade, probes = None, {}
    after = capabilities
    if in_clear:
        probes["login before TLS"] = await _user(connection)
        if "STLS" in capabilities:
            upgrade, injected = await _upgrade(connection, endpoint, context)
            probes |= {"injection": injected} if injected else {}
            if upgrade.is_positive:
                after = await _capabilities(connection)
    tls = connection.tls()
    return Session(
        greeting=greeting,
        before=capabilities if in_clear else {},
        upgrade=upgrade,
        tls=facts_of(tls, fault) if tls else None,
        after=after if tls else {},
        probes=probes,
    )


async def _reply(connection: Connection) -> Reply:
    text = await connection.line()
    status, _, said = text.partition(" ")
    if status not in ("+OK", "-ERR"):
        raise CannotTell(f"{connection.where} said {text[:80]!r}, which is not POP3")
    return Reply(status, (said,) if said else ())


async def _capabilities(connection: Connection) -> dict[str, str]:
    """Ask for capabilities (RFC 2449 §5); a server without CAPA has none to show.

    CAPA itself stands in the result when it was answered.
    """
    await connection.send("CAPA")
    if not (await _reply(connection)).is_positive:
        return {}
    found = {"CAPA": ""}
    while len(found) < MAX_LINES:
        line = await connection.line()
        if line == ".":
            return found
        keyword, _, arguments = line.removeprefix(".").partition(" ")
        found[keyword.upper()] = arguments.upper()
    raise CannotTell(f"{connection.where} listed more than {MAX_LINES} capabilities")


async def _user(connection: Connection) -> Reply:
    await connection.send("USER mailconf-probe", shown=f"USER {HIDDEN}")
    return await _reply(connection)


async def _upgrade(
    connection: Connection, endpoint: Endpoint, context: ssl.SSLContext
) -> tuple[Reply, Reply | None]:
    """Ask for TLS (RFC 2595 §4); return the answer, and what was slipped in behind it."""
    await connection.send("STLS")
    answer = await _reply(connection)
    if not answer.is_positive:
        return answer, None
    injected = connection.injected()
    await connection.start_tls(context, endpoint.host)
    return answer, Reply("injected", (injected,)) if injected else None
