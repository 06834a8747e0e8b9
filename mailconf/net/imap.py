"""The language of IMAP servers (RFC 9051), as far as a probe speaks it."""

from __future__ import annotations

from collections import defaultdict

from mailconf.model.world import CannotTell, Reply
from mailconf.net.access import Language
from mailconf.net.line import HIDDEN, MAX_LINES, Connection

GREETINGS = ("OK", "PREAUTH", "BYE")
STATUSES = ("OK", "NO", "BAD")


async def _greeting(connection: Connection) -> Reply:
    """Read the greeting (RFC 9051 §7.1); BYE means that the server does not want us now."""
    text = await connection.line()
    star, _, rest = text.partition(" ")
    status, _, said = rest.partition(" ")
    if star != "*" or status.upper() not in GREETINGS:
        raise CannotTell(f"{connection.where} said {text[:80]!r}, which is not IMAP")
    if status.upper() == "BYE":
        raise CannotTell(f"{connection.where} does not talk to us: {said}")
    return Reply(status.upper(), (said,))


async def _command(connection: Connection, text: str, shown: str = "") -> Reply:
    """Send a command; return the tagged status with the untagged lines before it."""
    tag = f"a{connection.commands() + 1}"
    await connection.send(f"{tag} {text}", shown=f"{tag} {shown}" if shown else "")
    untagged: list[str] = []
    while len(untagged) < MAX_LINES:
        line = await connection.line()
        if line.startswith("* BYE"):
            raise CannotTell(f"{connection.where} hangs up: {line[6:]}")
        word, _, rest = line.partition(" ")
        status, _, said = rest.partition(" ")
        if word == tag and status.upper() in STATUSES:
            return Reply(status.upper(), (*untagged, said))
        untagged.append(line)
    raise CannotTell(
        f"{connection.where} sent more than {MAX_LINES} lines for {text.split(maxsplit=1)[0]}"
    )


async def _capabilities(connection: Connection) -> dict[str, str]:
    """Ask for capabilities (RFC 9051 §6.1.1); `KEY=value` atoms are gathered under KEY."""
    answer = await _command(connection, "CAPABILITY")
    lines = [line for line in answer.lines if line.upper().startswith("* CAPABILITY ")]
    gathered: dict[str, list[str]] = defaultdict(list)
    for atom in " ".join(line[len("* CAPABILITY ") :] for line in lines).split():
        key, equals, value = atom.partition("=")
        gathered[key.upper()] += [value.upper()] if equals else []
    return {key: " ".join(values) for key, values in gathered.items()}


async def _login(connection: Connection) -> Reply:
    command = "LOGIN mailconf-probe mailconf-probe"
    return await _command(connection, command, shown=f"LOGIN {HIDDEN}")


async def _ask_for_tls(connection: Connection) -> Reply:
    return await _command(connection, "STARTTLS")


IMAP = Language("STARTTLS", _greeting, _capabilities, _login, _ask_for_tls)
