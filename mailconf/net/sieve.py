"""The language of ManageSieve servers (RFC 5804), as far as a probe speaks it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive
from mailconf.net.line import HIDDEN, MAX_LINES, Connection

STATUSES = ("OK", "NO")
# RFC 5804 §1.7: a capability is a quoted name with at most one quoted value.
QUOTED = r'"((?:[^"\\]|\\.)*)"'
CAPABILITY = re.compile(rf"{QUOTED}(?: {QUOTED})?")
# RFC 5804 §1.2: a string may be announced by its length and follow on lines of its own.
LITERAL = re.compile(r"(.*)\{([0-9]{1,4})\+?\}")
DUMMY = base64.b64encode(b"\0mailconf-probe\0mailconf-probe").decode()


async def _whole(connection: Connection) -> str:
    """Read one line, with the strings that it announces put in quotes where they belong."""
    line = await connection.line()
    literal = LITERAL.fullmatch(line)
    if not literal:
        return line
    text = await connection.line()
    while len(text) < int(literal[2]):
        text += " " + await connection.line()
    return f'{literal[1]}"{text}"'


async def _response(connection: Connection) -> Reply:
    """Read lines up to the status (RFC 5804 §1.2); the lines before it come first."""
    lines: list[str] = []
    while len(lines) < MAX_LINES:
        line = await _whole(connection)
        status, _, said = line.partition(" ")
        if status.upper() == "BYE":
            raise Inconclusive(f"{connection.where} closed the session: {said}")
        if status.upper() in STATUSES:
            return Reply(status.upper(), (*lines, said))
        if not line.startswith('"'):
            raise Inconclusive(f"{connection.where} sent {line[:80]!r}, which is not ManageSieve")
        lines.append(line)
    raise Inconclusive(f"{connection.where} listed more than {MAX_LINES} capabilities")


async def greeting(connection: Connection) -> Reply:
    """Read the greeting, which is a capability list (RFC 5804 §1.7)."""
    greeting = await _response(connection)
    if greeting.status != "OK":
        raise Inconclusive(f"{connection.where} refuses the session: {greeting}")
    return Reply("OK", greeting.lines[-1:])


async def listed(connection: Connection) -> dict[str, str]:
    """Read a capability list that the server sends of itself, as it does after STARTTLS."""
    answer = await _response(connection)
    matches = (CAPABILITY.fullmatch(line) for line in answer.lines[:-1])
    return {match[1].upper(): (match[2] or "").upper() for match in matches if match}


async def capabilities(connection: Connection) -> dict[str, str]:
    """Ask for capabilities."""
    await connection.send("CAPABILITY")
    return await listed(connection)


async def login(connection: Connection) -> Reply:
    """Try to log in as nobody, before TLS."""
    return await authenticate(connection, DUMMY)


async def ask_for_tls(connection: Connection) -> Reply:
    """Ask for TLS."""
    await connection.send("STARTTLS")
    return await _response(connection)


async def authenticate(connection: Connection, credentials: str) -> Reply:
    """Authenticate with PLAIN."""
    shown = f'AUTHENTICATE "PLAIN" {HIDDEN}'
    await connection.send(f'AUTHENTICATE "PLAIN" "{credentials}"', shown=shown)
    return await _response(connection)


async def look(connection: Connection, _offered: Mapping[str, str]) -> dict[str, Reply]:
    """Ask for the names of scripts."""
    await connection.send("LISTSCRIPTS")
    return {"scripts": await _response(connection)}
