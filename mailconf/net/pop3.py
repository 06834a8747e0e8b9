"""The language of POP3 servers (RFC 1939, RFC 2449, RFC 2595), as far as a probe speaks it."""

from __future__ import annotations

from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive
from mailconf.net.line import HIDDEN, MAX_LINES, Connection


async def greeting(connection: Connection) -> Reply:
    """Read the greeting; -ERR means that the server does not want us now."""
    greeting = await reply(connection)
    if not greeting.is_positive:
        raise Inconclusive(f"{connection.where} refuses the session: {greeting}")
    return greeting


async def capabilities(connection: Connection) -> dict[str, str]:
    """Ask for capabilities (RFC 2449 §5); a server without CAPA has none to show.

    CAPA itself stands in the result when it was answered.
    """
    await connection.send("CAPA")
    if not (await reply(connection)).is_positive:
        return {}
    found = {"CAPA": ""}
    while len(found) < MAX_LINES:
        line = await connection.line()
        if line == ".":
            return found
        keyword, _, arguments = line.removeprefix(".").partition(" ")
        found[keyword.upper()] = arguments.upper()
    raise Inconclusive(f"{connection.where} listed more than {MAX_LINES} capabilities")


async def login(connection: Connection) -> Reply:
    """Try to log in as nobody, before TLS."""
    await connection.send("USER mailconf-probe", shown=f"USER {HIDDEN}")
    return await reply(connection)


async def ask_for_tls(connection: Connection) -> Reply:
    """Ask for TLS."""
    return await command(connection, "STLS")


async def authenticate(connection: Connection, credentials: str) -> Reply:
    """Authenticate with PLAIN, in two lines (RFC 5034 §4)."""
    await connection.send("AUTH PLAIN")
    answer = await connection.line()
    if not answer.startswith("+ ") and answer != "+":
        status, _, said = answer.partition(" ")
        return Reply(status, (said,))
    await connection.send(credentials, shown=HIDDEN)
    return await reply(connection)


async def command(connection: Connection, text: str) -> Reply:
    """Send a command, and read the first line of the answer."""
    await connection.send(text)
    return await reply(connection)


async def reply(connection: Connection) -> Reply:
    """Read one line of status."""
    text = await connection.line()
    status, _, said = text.partition(" ")
    if status not in ("+OK", "-ERR"):
        raise Inconclusive(f"{connection.where} sent {text[:80]!r}, which is not POP3")
    return Reply(status, (said,) if said else ())


async def listed(connection: Connection, text: str) -> tuple[Reply, tuple[str, ...]]:
    """Send a command with an answer of many lines; there are none when it is refused."""
    first = await command(connection, text)
    lines = await connection.text() if first.is_positive else []
    return first, tuple(line.decode("utf-8", "backslashreplace") for line in lines)
