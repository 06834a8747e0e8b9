"""What a POP3 mailbox shows after a login (RFC 1939), and one message, found, read and removed."""

from __future__ import annotations

from collections.abc import Mapping

from mailconf.model.questions.sessions import Reply
from mailconf.net.line import Connection
from mailconf.net.pop3 import command, listed
from mailconf.net.probe_message import Fetched

SOME = 20
"""Among how many of the newest messages ours is looked for."""


async def look(connection: Connection, _offered: Mapping[str, str]) -> dict[str, Reply]:
    """Ask how many messages there are, for their unique ids, and for the head of one."""
    count = await command(connection, "STAT")
    uidl, ids = await listed(connection, "UIDL")
    found = {"stat": count, "uidl": uidl}
    if ids:
        found["top"], _ = await listed(connection, f"TOP {ids[0].split()[0]} 0")
    return found


async def fetched(connection: Connection, token: str, known: str = "") -> Fetched | None:
    """Return a message with a token, or with the unique id that is known; it stays."""
    found = await find(connection, token, known)
    if not found:
        return None
    number, unique_id = found
    return Fetched("INBOX", unique_id, await read(connection, number))


async def removed(connection: Connection, token: str, _offered: Mapping[str, str]) -> Reply | None:
    """Remove a message with a token; None when there is none."""
    found = await find(connection, token)
    return await remove(connection, found[0]) if found else None


async def find(connection: Connection, token: str, known: str = "") -> tuple[str, str] | None:
    """Return number and unique id of a message: by its known id, or among the newest."""
    _, ids = await listed(connection, "UIDL")
    rows = [line.partition(" ") for line in ids]
    if known and (row := next((row for row in rows if row[2] == known), None)):
        return row[0], known
    for number, _, unique_id in rows[: -SOME - 1 : -1]:
        _, head = await listed(connection, f"TOP {number} 0")
        if any(token in line for line in head):
            return number, unique_id
    return None


async def read(connection: Connection, number: str) -> bytes:
    """Return a message; it stays."""
    if not (await command(connection, f"RETR {number}")).is_positive:
        return b""
    return b"".join(line + b"\r\n" for line in await connection.text())


async def remove(connection: Connection, number: str) -> Reply:
    """Mark a message for removal, which QUIT carries out (§6)."""
    marked = await command(connection, f"DELE {number}")
    return await command(connection, "QUIT") if marked.is_positive else marked
