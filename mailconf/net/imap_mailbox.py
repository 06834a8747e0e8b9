"""What an IMAP mailbox shows after a login: its folders, and one message, found, read and removed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive
from mailconf.net.imap import begun, command, continued, ended
from mailconf.net.line import MAX_LINES, Connection
from mailconf.net.probe_message import Fetched

# * LIST (\HasNoChildren \Junk) "/" "Junk" (RFC 9051 §7.3.1); a name in a literal is left alone.
FOLDER = re.compile(r'\* LIST \(([^()]*)\) (?:"[^"]*"|NIL) ("[^"]*"|[^\s{"]+)')
LITERAL = re.compile(r".*\{([0-9]{1,9})\}")
INBOX = "INBOX"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message lies: the folder as the server spells it, its UIDVALIDITY, and the UIDs there."""

    folder: str
    validity: str
    uids: tuple[str, ...]


async def look(connection: Connection, offered: Mapping[str, str]) -> dict[str, Reply]:
    """Ask for namespaces and folders, open INBOX to read, and wait for news for a moment."""
    found = {}
    if "NAMESPACE" in offered:
        found["namespace"] = await command(connection, "NAMESPACE")
    if "SPECIAL-USE" in offered:
        found["special-use"] = await _list(connection)
    found["inbox"] = await command(connection, f"EXAMINE {INBOX}")
    if "IDLE" in offered and found["inbox"].is_positive:
        found["idle"] = await _idle(connection)
    return found


async def _list(connection: Connection) -> Reply:
    return await command(connection, 'LIST (SPECIAL-USE) "" "*"')


async def _idle(connection: Connection) -> Reply:
    """Wait for news, and end it at once (RFC 2177 §3)."""
    tag = await begun(connection, "IDLE")
    refused = await continued(connection, tag)
    if refused:
        return refused
    await connection.send("DONE")
    return await ended(connection, tag, "IDLE")


async def fetched(connection: Connection, token: str, _known: str = "") -> Fetched | None:
    """Return a message with a token, for which the server searches all there are; it stays."""
    spot = await find(connection, token)
    if not spot:
        return None
    octets = await read(connection, spot)
    return Fetched(spot.folder, f"{spot.validity} {spot.uids[-1]}", octets)


async def removed(connection: Connection, token: str, offered: Mapping[str, str]) -> Reply | None:
    """Remove a message with a token; None when there is none."""
    spot = await find(connection, token)
    return await remove(connection, spot, offered) if spot else None


async def find(connection: Connection, token: str) -> Spot | None:
    """Look for a message in INBOX, and where spam is filed."""
    spot = await _in_folder(connection, INBOX, token)
    for folder in () if spot else await _junk(connection):
        spot = spot or await _in_folder(connection, folder, token)
    return spot


async def _in_folder(connection: Connection, folder: str, token: str) -> Spot | None:
    opened = await command(connection, f"SELECT {folder}")
    if not opened.is_positive:
        return None
    answer = await command(connection, f"UID SEARCH HEADER Message-ID {token}")
    lines = [line for line in answer.lines if line.upper().startswith("* SEARCH")]
    uids = tuple(word for line in lines for word in line.split()[2:])
    return Spot(folder, _validity(opened), uids) if uids else None


def _validity(opened: Reply) -> str:
    """Return UIDVALIDITY, without which UIDs mean nothing (RFC 9051 §2.3.1.1)."""
    match = re.search(r"\[UIDVALIDITY ([0-9]+)\]", str(opened), re.IGNORECASE)
    return match[1] if match else ""


async def _junk(connection: Connection) -> list[str]:
    matches = (FOLDER.fullmatch(line) for line in (await _list(connection)).lines)
    return [match[2] for match in matches if match and "\\junk" in match[1].lower().split()]


async def read(connection: Connection, spot: Spot) -> bytes:
    """Return the newest message of a spot, without marking it as seen; the folder is selected."""
    tag = await begun(connection, f"UID FETCH {spot.uids[-1]} BODY.PEEK[]")
    octets = b""
    for _ in range(MAX_LINES):
        line = await connection.line()
        if line.startswith(f"{tag} "):
            return octets
        literal = LITERAL.fullmatch(line)
        octets = await connection.octets(int(literal[1])) if literal else octets
    raise Inconclusive(f"{connection.where} sent more than {MAX_LINES} lines for a message")


async def remove(connection: Connection, spot: Spot, offered: Mapping[str, str]) -> Reply:
    """Remove messages and no others: without UIDPLUS they are only marked (RFC 4315 §2.1)."""
    uids = ",".join(spot.uids)
    marked = await command(connection, f"UID STORE {uids} +FLAGS.SILENT (\\Deleted)")
    if not marked.is_positive or "UIDPLUS" not in offered:
        return marked
    return await command(connection, f"UID EXPUNGE {uids}")
