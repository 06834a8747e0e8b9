"""The language of POP3 servers (RFC 1939, RFC 2449, RFC 2595), as far as a probe speaks it."""

from __future__ import annotations

from mailconf.model.world import CannotTell, Reply
from mailconf.net.access import Language
from mailconf.net.line import HIDDEN, MAX_LINES, Connection


async def _greeting(connection: Connection) -> Reply:
    """Read the greeting; -ERR means that the server does not want us now."""
    greeting = await _reply(connection)
    if not greeting.is_positive:
        raise CannotTell(f"{connection.where} does not talk to us: {greeting}")
    return greeting


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


async def _login(connection: Connection) -> Reply:
    await connection.send("USER mailconf-probe", shown=f"USER {HIDDEN}")
    return await _reply(connection)


async def _ask_for_tls(connection: Connection) -> Reply:
    await connection.send("STLS")
    return await _reply(connection)


POP3 = Language("STLS", _greeting, _capabilities, _login, _ask_for_tls)
