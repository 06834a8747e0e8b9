"""Octets that must not end a message, and whether they do (RFC 5321 §2.3.8, §4.1.1.4; CVE-2023-51764).

A command follows them, then the true end of data, then QUIT. A server that was taken in answers once
for the message and then to what it reads as commands; any other answers for the message and says goodbye.
"""

from __future__ import annotations

from mailconf.model.world import CannotTell
from mailconf.net.line import Connection
from mailconf.net.smtp import reply, said

SEQUENCES = {"LF . LF": b"\n.\n", "LF . CR LF": b"\n.\r\n", "CR . CR": b"\r.\r"}
GOODBYE = "221"
WILLING = "3"


async def ends_early(
    connection: Connection, envelope: tuple[str, str], head: bytes, sequence: bytes
) -> tuple[bool, bool]:
    """Tell whether a sequence ended a message, and whether a message was taken.

    Raises CannotTell when the server does not take messages now. The connection is of no use afterwards.
    """
    sender, recipient = envelope
    for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA"):
        answer = await said(connection, command)
        if not answer.is_positive:
            raise CannotTell(f"{connection.where} takes no message: {answer}")
    await connection.send_octets(head + b"before" + sequence + b"NOOP\r\n\r\n.\r\nQUIT\r\n")
    settled = await reply(connection)
    try:
        after = await reply(connection)
    except CannotTell:
        return False, settled.is_positive  # it hung up: whatever follows is not read
    return after.status not in (GOODBYE, "421", "521"), settled.is_positive
