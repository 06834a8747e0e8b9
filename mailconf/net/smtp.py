"""One polite SMTP session (RFC 5321), and the facts it shows. No mail is ever sent."""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from collections.abc import Mapping

from mailconf.model.endpoint import Endpoint, Security
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.questions.transactions import Envelope
from mailconf.model.world import Inconclusive
from mailconf.net.line import HIDDEN, MAX_LINES, Connection
from mailconf.net.tls import facts_of

SIZE = re.compile(r"[0-9]{1,20}")
"""RFC 1870 §3."""
REPLY = re.compile(r"([2-5][0-9][0-9])(?:([ -])(.*))?")
# The null sender: no server may ask whether its domain exists, so only the recipient is judged.
RELAY = Envelope("", "probe@mailconf-probe-foreign.example")
NOBODY = "mailconf-probe-nobody"
# In this order: a server that closes after too many errors has said the rest by then.
ASKING = {
    "vrfy postmaster": "VRFY postmaster",
    "vrfy nobody": f"VRFY {NOBODY}",
    "expn": "EXPN postmaster",
}
# Credentials of nobody: that they are refused for want of TLS is what is looked for.
DUMMY = b64encode(b"\0mailconf-probe\0mailconf-probe").decode()


async def session(
    connection: Connection, endpoint: Endpoint, context: ssl.SSLContext, fault: str, ehlo: str
) -> Session:
    """Greet, upgrade, and probe; raises Inconclusive when the server does not let us."""
    greeting, first = await greeted(connection, ehlo)
    before, upgrade, after = dict(keywords(first)), None, first
    probes: dict[str, Reply] = {}
    if endpoint.security is Security.STARTTLS:
        if endpoint.protocol.is_submission:
            probes["login before TLS"] = await _login(connection)
            probes["mail before TLS"] = await _mail(connection)
        if "STARTTLS" in before:
            upgrade = await said(connection, "STARTTLS")
            probes |= await connection.upgrade(upgrade, context, endpoint.host)
            after = await hello(connection, ehlo) if upgrade.is_positive else first
    probes["relay"] = await transaction(connection, RELAY)
    if not endpoint.protocol.is_submission:
        probes |= await above_limit(connection, "", dict(keywords(after)))
    for name, command in ASKING.items():
        probes[name] = await said(connection, command)
    tls = connection.tls()
    return Session(
        greeting=greeting,
        before=before if endpoint.security is Security.STARTTLS else {},
        upgrade=upgrade,
        tls=facts_of(tls, fault) if tls else None,
        after=dict(keywords(after)) if tls else {},
        ehlo_name=after.lines[0].partition(" ")[0] if after.lines else "",
        probes=probes,
        transcript=connection.told(),
        waited=connection.waited,
    )


async def transactions(
    connection: Connection,
    endpoint: Endpoint,
    context: ssl.SSLContext,
    ehlo: str,
    envelopes: tuple[Envelope, ...],
) -> dict[Envelope, Reply]:
    """Try envelopes one after the other; a server that has enough of them ends it."""
    await greeted(connection, ehlo)
    if endpoint.security is Security.STARTTLS:
        upgrade = await said(connection, "STARTTLS")
        await connection.upgrade(upgrade, context, endpoint.host)
        if upgrade.is_positive:
            await hello(connection, ehlo)
    found: dict[Envelope, Reply] = {}
    for envelope in envelopes:
        try:
            found[envelope] = await transaction(connection, envelope)
        except Inconclusive:
            if not found:
                raise
            break
    return found


async def greeted(connection: Connection, ehlo: str) -> tuple[Reply, Reply]:
    """Return the greeting and the answer to EHLO; raises Inconclusive when the server wants none."""
    greeting = await reply(connection)
    if not greeting.is_positive:
        raise Inconclusive(f"{connection.where} refuses the session: {greeting}")
    return greeting, await hello(connection, ehlo)


async def reply(connection: Connection) -> Reply:
    """Read one reply, of however many lines (RFC 5321 §4.2.1)."""
    lines: list[str] = []
    while len(lines) < MAX_LINES:
        text = await connection.line()
        match = REPLY.fullmatch(text)
        if not match:
            raise Inconclusive(f"{connection.where} sent {text[:80]!r}, which is not SMTP")
        lines.append(match[3] or "")
        if match[2] != "-":
            return Reply(match[1], tuple(lines))
    raise Inconclusive(f"{connection.where} sent a reply of more than {MAX_LINES} lines")


async def hello(connection: Connection, name: str) -> Reply:
    """Send EHLO; raises Inconclusive when it is refused."""
    await connection.send(f"EHLO {name}")
    answer = await reply(connection)
    if not answer.is_positive:
        raise Inconclusive(f"{connection.where} refuses EHLO: {answer}")
    return answer


def keywords(ehlo: Reply) -> list[tuple[str, str]]:
    """Return keyword and arguments of each line after the first (RFC 5321 §4.1.1.1)."""
    pairs = (line.partition(" ") for line in ehlo.lines[1:])
    return [(keyword.upper(), arguments) for keyword, _, arguments in pairs]


async def _login(connection: Connection) -> Reply:
    await connection.send(f"AUTH PLAIN {DUMMY}", shown=f"AUTH PLAIN {HIDDEN}")
    return await reply(connection)


async def _mail(connection: Connection) -> Reply:
    answer = await said(connection, "MAIL FROM:<>")
    if answer.is_positive:
        await said(connection, "RSET")
    return answer


async def transaction(connection: Connection, envelope: Envelope) -> Reply:
    """Try an envelope up to RCPT; the transaction is taken back, DATA is never sent."""
    answer = await said(connection, f"MAIL FROM:<{envelope.sender}>")
    if answer.is_positive:
        answer = await said(connection, f"RCPT TO:<{envelope.recipient}>")
        await said(connection, "RSET")
    return answer


async def up_to_data(connection: Connection, envelope: Envelope) -> Reply:
    """Begin a message; return the last answer, which is positive when its text may follow."""
    answer = await said(connection, f"MAIL FROM:<{envelope.sender}>")
    if answer.is_positive:
        answer = await said(connection, f"RCPT TO:<{envelope.recipient}>")
    return await said(connection, "DATA") if answer.is_positive else answer


async def above_limit(
    connection: Connection, sender: str, offered: Mapping[str, str]
) -> dict[str, Reply]:
    """Announce a message that is larger than offered, and take it back (RFC 1870 §6.1).

    The probe is `too large`; there is none where no limit is offered.
    """
    limit = offered.get("SIZE", "")
    if not SIZE.fullmatch(limit) or not int(limit):
        return {}
    answer = await said(connection, f"MAIL FROM:<{sender}> SIZE={int(limit) + 1}")
    if answer.is_positive:
        await said(connection, "RSET")
    return {"too large": answer}


async def said(connection: Connection, command: str) -> Reply:
    """Send a command and return the reply."""
    await connection.send(command)
    return await reply(connection)
