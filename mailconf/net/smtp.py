"""One polite SMTP session (RFC 5321), and the facts it shows. No mail is ever sent."""

from __future__ import annotations

import re
import ssl
from base64 import b64encode

from mailconf.model.endpoint import Endpoint, Security
from mailconf.model.world import CannotTell, Reply, Session
from mailconf.net.line import HIDDEN, MAX_LINES, Connection
from mailconf.net.tls import facts_of

REPLY = re.compile(r"([2-5][0-9][0-9])(?:([ -])(.*))?")
# The null sender: no server may ask whether its domain exists, so only the recipient is judged.
PROBE_SENDER = ""
PROBE_FOREIGN = "probe@mailconf-probe-foreign.example"
# Credentials of nobody: that they are refused for want of TLS is what is looked for.
DUMMY = b64encode(b"\0mailconf-probe\0mailconf-probe").decode()


async def session(
    connection: Connection, endpoint: Endpoint, context: ssl.SSLContext, fault: str, ehlo: str
) -> Session:
    """Greet, upgrade, and probe; raises CannotTell when the server does not let us."""
    greeting = await reply(connection)
    if not greeting.is_positive:
        raise CannotTell(f"{connection.where} does not talk to us: {greeting}")
    first = await _ehlo(connection, ehlo)
    before, upgrade, after = dict(_keywords(first)), None, first
    probes: dict[str, Reply] = {}
    if endpoint.security is Security.STARTTLS:
        if endpoint.protocol.is_submission:
            probes["login before TLS"] = await _login(connection)
        if "STARTTLS" in before:
            upgrade = await _ask_for_tls(connection)
            probes |= await connection.upgrade(upgrade, context, endpoint.host)
            after = await _ehlo(connection, ehlo) if upgrade.is_positive else first
    probes["relay"] = await _relay(connection)
    tls = connection.tls()
    return Session(
        greeting=greeting,
        before=before if endpoint.security is Security.STARTTLS else {},
        upgrade=upgrade,
        tls=facts_of(tls, fault) if tls else None,
        after=dict(_keywords(after)) if tls else {},
        ehlo_name=after.lines[0].partition(" ")[0] if after.lines else "",
        probes=probes,
    )


async def reply(connection: Connection) -> Reply:
    """Read one reply, of however many lines (RFC 5321 §4.2.1)."""
    lines: list[str] = []
    while len(lines) < MAX_LINES:
        text = await connection.line()
        match = REPLY.fullmatch(text)
        if not match:
            raise CannotTell(f"{connection.where} said {text[:80]!r}, which is not SMTP")
        lines.append(match[3] or "")
        if match[2] != "-":
            return Reply(match[1], tuple(lines))
    raise CannotTell(f"{connection.where} sent a reply of more than {MAX_LINES} lines")


async def _ehlo(connection: Connection, name: str) -> Reply:
    await connection.send(f"EHLO {name}")
    answer = await reply(connection)
    if not answer.is_positive:
        raise CannotTell(f"{connection.where} refuses EHLO: {answer}")
    return answer


def _keywords(ehlo: Reply) -> list[tuple[str, str]]:
    """Return keyword and arguments of each line after the first (RFC 5321 §4.1.1.1)."""
    pairs = (line.partition(" ") for line in ehlo.lines[1:])
    return [(keyword.upper(), arguments) for keyword, _, arguments in pairs]


async def _login(connection: Connection) -> Reply:
    await connection.send(f"AUTH PLAIN {DUMMY}", shown=f"AUTH PLAIN {HIDDEN}")
    return await reply(connection)


async def _ask_for_tls(connection: Connection) -> Reply:
    await connection.send("STARTTLS")
    return await reply(connection)


async def _relay(connection: Connection) -> Reply:
    """Try a foreign recipient up to RCPT; the transaction is taken back, DATA is never sent."""
    await connection.send(f"MAIL FROM:<{PROBE_SENDER}>")
    answer = await reply(connection)
    if answer.is_positive:
        await connection.send(f"RCPT TO:<{PROBE_FOREIGN}>")
        answer = await reply(connection)
    await connection.send("RSET")
    await reply(connection)
    return answer
