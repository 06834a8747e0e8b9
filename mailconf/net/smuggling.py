"""Octets that must not end a message, and whether they do (RFC 5321 §2.3.8, §4.1.1.4; CVE-2023-51764).

A command follows them, then the true end of data, then QUIT. A server that was taken in answers once
for the message and then to what it reads as commands; any other answers for the message and says goodbye.
"""

from __future__ import annotations

import asyncio

from mailconf.model.questions.transactions import Envelope
from mailconf.model.world import Inconclusive
from mailconf.net.line import Connection
from mailconf.net.smtp import reply, up_to_data

SEQUENCES = {"LF . LF": b"\n.\n", "LF . CR LF": b"\n.\r\n", "CR . CR": b"\r.\r"}
GOODBYE = "221"


async def ends_early(
    connection: Connection,
    envelope: Envelope,
    head: bytes,
    sequence: bytes,
    handed_in: asyncio.Event,
) -> tuple[bool, bool]:
    """Tell whether a sequence ended a message, and whether a message was taken.

    `handed_in` is set when its text goes out: from then on it may be taken, whatever follows.

    Raises Inconclusive when the server does not take messages now. The connection is of no use afterwards.
    """
    answer = await up_to_data(connection, envelope)
    if not answer.is_positive:
        raise Inconclusive(f"{connection.where} accepts no message: {answer}")
    handed_in.set()
    await connection.send_octets(head + b"before" + sequence + b"NOOP\r\n\r\n.\r\nQUIT\r\n")
    settled = await reply(connection)
    try:
        after = await reply(connection)
    except Inconclusive:
        return False, settled.is_positive  # it hung up: whatever follows is not read
    return after.status not in (GOODBYE, "421", "521"), settled.is_positive
