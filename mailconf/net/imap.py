"""The language of IMAP servers (RFC 9051), as far as a probe speaks it."""

from __future__ import annotations

from collections import defaultdict

from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive
from mailconf.net.line import HIDDEN, MAX_LINES, Connection

GREETINGS = ("OK", "PREAUTH", "BYE")
STATUSES = ("OK", "NO", "BAD")


async def greeting(connection: Connection) -> Reply:
    """Read the greeting (RFC 9051 §7.1); BYE means that the server does not want us now."""
    text = await connection.line()
    star, _, rest = text.partition(" ")
    status, _, said = rest.partition(" ")
    if star != "*" or status.upper() not in GREETINGS:
        raise Inconclusive(f"{connection.where} sent {text[:80]!r}, which is not IMAP")
    if status.upper() == "BYE":
        raise Inconclusive(f"{connection.where} refuses the session: {said}")
    return Reply(status.upper(), (said,))


async def capabilities(connection: Connection) -> dict[str, str]:
    """Ask for capabilities (RFC 9051 §6.1.1); `KEY=value` atoms are gathered under KEY."""
    answer = await command(connection, "CAPABILITY")
    lines = [line for line in answer.lines if line.upper().startswith("* CAPABILITY ")]
    gathered: dict[str, list[str]] = defaultdict(list)
    for atom in " ".join(line[len("* CAPABILITY ") :] for line in lines).split():
        key, equals, value = atom.partition("=")
        gathered[key.upper()] += [value.upper()] if equals else []
    return {key: " ".join(values) for key, values in gathered.items()}


async def login(connection: Connection) -> Reply:
    """Try to log in as nobody, before TLS."""
    text = "LOGIN mailconf-probe mailconf-probe"
    return await command(connection, text, shown=f"LOGIN {HIDDEN}")


async def ask_for_tls(connection: Connection) -> Reply:
    """Ask for TLS."""
    return await command(connection, "STARTTLS")


async def authenticate(connection: Connection, credentials: str) -> Reply:
    """Authenticate with PLAIN, in two lines: not every server takes them in one (RFC 4959)."""
    tag = await begun(connection, "AUTHENTICATE PLAIN")
    refused = await continued(connection, tag)
    if refused:
        return refused
    await connection.send(credentials, shown=HIDDEN)
    return await ended(connection, tag, "AUTHENTICATE")


async def command(connection: Connection, text: str, shown: str = "") -> Reply:
    """Send a command; return the tagged status with the untagged lines before it."""
    tag = await begun(connection, text, shown)
    return await ended(connection, tag, text.split(maxsplit=1)[0])


async def begun(connection: Connection, text: str, shown: str = "") -> str:
    """Send a command, and return its tag."""
    tag = f"a{connection.commands() + 1}"
    await connection.send(f"{tag} {text}", shown=f"{tag} {shown}" if shown else "")
    return tag


async def ended(connection: Connection, tag: str, what: str) -> Reply:
    """Read up to the status of the command with a tag."""
    untagged: list[str] = []
    while len(untagged) < MAX_LINES:
        line = await connection.line()
        if line.startswith("* BYE"):
            raise Inconclusive(f"{connection.where} closed the session: {line[6:]}")
        reply = tagged(line, tag)
        if reply:
            return Reply(reply.status, (*untagged, *reply.lines))
        untagged.append(line)
    raise Inconclusive(f"{connection.where} sent more than {MAX_LINES} lines for {what}")


def tagged(line: str, tag: str) -> Reply | None:
    """Return the status in a line with a tag; None for any other line."""
    word, _, rest = line.partition(" ")
    status, _, said = rest.partition(" ")
    if word == tag and status.upper() in STATUSES:
        return Reply(status.upper(), (said,))
    return None


async def continued(connection: Connection, tag: str) -> Reply | None:
    """Wait until the server wants more; return its status when it does not."""
    for _ in range(MAX_LINES):
        line = await connection.line()
        if line.startswith("+"):
            return None
        refusal = tagged(line, tag)
        if refusal:
            return refusal
    raise Inconclusive(f"{connection.where} sent more than {MAX_LINES} lines")
