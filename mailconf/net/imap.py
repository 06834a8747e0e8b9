"""One polite IMAP session (RFC 9051), and the facts it shows. Nobody is logged in."""

from __future__ import annotations

import ssl
from collections import defaultdict

from mailconf.model.endpoint import Endpoint, Security
from mailconf.model.world import CannotTell, Reply, Session
from mailconf.net.line import HIDDEN, MAX_LINES, Connection
from mailconf.net.tls import facts_of

GREETINGS = ("OK", "PREAUTH", "BYE")
STATUSES = ("OK", "NO", "BAD")


async def session(
    connection: Connection, endpoint: Endpoint, context: ssl.SSLContext, fault: str
) -> Session:
    """Read the greeting, ask for capabilities, upgrade, ask again."""
    greeting = await _greeting(connection)
    capabilities = await _capabilities(connection, "a1")
    in_clear = endpoint.security is Security.STARTTLS
    upgrade, probes = None, {}
    after = capabilities
    if in_clear:
        probes["login before TLS"] = await _login(connection)
        if "STARTTLS" in capabilities:
            upgrade, injected = await _upgrade(connection, endpoint, context)
            probes |= {"injection": injected} if injected else {}
            if upgrade.is_positive:
                after = await _capabilities(connection, "a4")
    tls = connection.tls()
    return Session(
        greeting=greeting,
        before=capabilities if in_clear else {},
        upgrade=upgrade,
        tls=facts_of(tls, fault) if tls else None,
        after=after if tls else {},
        probes=probes,
    )


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


async def _command(connection: Connection, tag: str, text: str, shown: str = "") -> Reply:
    """Send a command; return the tagged status with the untagged lines before it."""
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


async def _capabilities(connection: Connection, tag: str) -> dict[str, str]:
    """Ask for capabilities (RFC 9051 §6.1.1); `KEY=value` atoms are gathered under KEY."""
    answer = await _command(connection, tag, "CAPABILITY")
    lines = [line for line in answer.lines if line.upper().startswith("* CAPABILITY ")]
    gathered: dict[str, list[str]] = defaultdict(list)
    for atom in " ".join(line[len("* CAPABILITY ") :] for line in lines).split():
        key, equals, value = atom.partition("=")
        gathered[key.upper()] += [value.upper()] if equals else []
    return {key: " ".join(values) for key, values in gathered.items()}


async def _login(connection: Connection) -> Reply:
    command = "LOGIN mailconf-probe mailconf-probe"
    return await _command(connection, "a2", command, shown=f"LOGIN {HIDDEN}")


async def _upgrade(
    connection: Connection, endpoint: Endpoint, context: ssl.SSLContext
) -> tuple[Reply, Reply | None]:
    """Ask for TLS; return the answer, and what was slipped in behind it if anything was."""
    answer = await _command(connection, "a3", "STARTTLS")
    if not answer.is_positive:
        return answer, None
    injected = connection.injected()
    await connection.start_tls(context, endpoint.host)
    return answer, Reply("injected", (injected,)) if injected else None
