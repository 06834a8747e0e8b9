"""A command sent in clear together with STARTTLS: a server must forget it (CVE-2011-0411 and later).

Both go out in one write. Inside TLS the session is ended at once; whatever is answered besides the
farewell is the answer to the command that should have been forgotten. Of SMTP a transaction that was
begun in clear is not to be gone on with, either (RFC 3207 §4.2).
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass

from mailconf.model.endpoint import Endpoint, Family
from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive
from mailconf.net.line import MAX_LINES, Connection
from mailconf.net.smtp import said


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is sent, what the answers mean.

    `agreed` and `refused` are how the answer to STARTTLS starts, in capitals; `answers` picks, from
    the lines inside TLS, those that answer the forgotten command.
    """

    together: str
    agreed: str
    refused: tuple[str, ...]
    farewell: str
    answers: Callable[[list[str]], list[str]]


BEGIN, GO_ON = "MAIL FROM:<>", "RCPT TO:<postmaster>"
"""Postmaster is one whom every server takes (RFC 5321 §4.5.1)."""
ATTEMPTS: dict[Family, Attempt] = {
    "smtp": Attempt(
        "STARTTLS\r\nNOOP",
        "220",
        ("4", "5"),
        "QUIT",
        lambda lines: [line for line in lines if not line.startswith("221")],
    ),
    "imap": Attempt(
        "a1 STARTTLS\r\na2 NOOP",
        "A1 OK",
        ("A1 NO", "A1 BAD"),
        "a3 LOGOUT",
        lambda lines: [line for line in lines if line.upper().startswith("A2 ")],
    ),
    "pop3": Attempt("STLS\r\nNOOP", "+OK", ("-ERR",), "QUIT", lambda lines: lines[:-1]),
    "sieve": Attempt(
        'STARTTLS\r\nNOOP "mailconf-probe"',
        "OK",
        ("NO", "BYE"),
        "LOGOUT",
        lambda lines: [line for line in lines if "mailconf-probe" in line],
    ),
}


async def injected(connection: Connection, endpoint: Endpoint, context: ssl.SSLContext) -> str:
    """Return what the server answers inside TLS to what came before it; empty when nothing.

    It has greeted, and SMTP servers have answered EHLO. Raises Inconclusive for silence. A server that hangs up has noticed.
    """
    attempt = ATTEMPTS[endpoint.protocol.family]
    has_begun = attempt is ATTEMPTS["smtp"] and (await said(connection, BEGIN)).is_positive
    if not await _agrees(connection, attempt):
        if not has_begun:
            return ""
        # It may want no TLS in a transaction: the command alone, then.
        has_begun = False
        await connection.send("RSET")
        if not await _agrees(connection, attempt):
            return ""
    lines = []
    try:
        await connection.upgrade(Reply("220"), context, endpoint.host)
        if has_begun:
            await connection.send(GO_ON)
            lines.append(await connection.line())
        await connection.send(attempt.farewell)
    except (Inconclusive, OSError):
        # The command was taken for the beginning of TLS: whoever slips it in breaks the connection.
        return ""
    lines += await _rest(connection)
    return "; ".join(
        _without_refusal(attempt.answers(lines)) if has_begun else attempt.answers(lines)
    )


def _without_refusal(lines: list[str]) -> list[str]:
    """Leave out that the transaction is not gone on with."""
    return lines[:-1] if lines and lines[-1].startswith(("4", "5")) else lines


async def _agrees(connection: Connection, attempt: Attempt) -> bool:
    await connection.send(attempt.together)
    try:
        for _ in range(MAX_LINES):
            line = (await connection.line()).upper()
            if line.startswith((attempt.agreed, *attempt.refused)):
                return line.startswith(attempt.agreed)
    except (Inconclusive, OSError):
        return False
    return False


async def _rest(connection: Connection) -> list[str]:
    """Read until the server closes."""
    lines: list[str] = []
    while len(lines) < MAX_LINES:
        try:
            lines.append(await connection.line())
        except (Inconclusive, OSError):
            break
    return lines
