"""A post office in one process: one mailbox, handed mail by SMTP, read by IMAP and POP3.

It understands what mailconf's own clients say, no more; what it gets wrong is set by its fields.
"""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tests.servers.authority import TestAuthority
from tests.servers.scripted import scripted

USER, PASSWORD = "alice@example.org", "correct horse"
CREDENTIALS = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
Say = Callable[[str], Awaitable[None]]


@dataclass
class Office:
    """The mailbox, and what is wrong with it."""

    messages: list[bytes] = field(default_factory=list)
    folder: str = "INBOX"
    lost: bool = False
    put_off: bool = False
    mute: bool = False
    """Whether it takes a message and then says nothing."""
    keeps: bool = True
    """Whether messages stay after they were read."""
    others: int = 0
    """Messages that arrive after one was read."""
    ids_stay: bool = True
    removable: bool = True
    uidplus: bool = True
    any_password: bool = False
    after_login: str = "IMAP4rev1 IDLE NAMESPACE SPECIAL-USE UIDPLUS MOVE CONDSTORE ESEARCH"
    commands: list[str] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    sessions: int = 0

    @property
    def refusal(self) -> str:
        """What is said to whoever is not let in."""
        return "no"

    def lets_in(self, credentials: str) -> bool:
        return self.any_password or credentials == CREDENTIALS

    def unique_id(self, number: int) -> str:
        return f"id{number}" if self.ids_stay else f"id{number}s{self.sessions}"

    async def smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        say = saying(writer)
        await say("220 mail.example.org ESMTP")
        async for line in lines(reader):
            word = line.partition(" ")[0].upper()
            self.commands.append(line)
            if word == "EHLO":
                await say("250-mail.example.org\r\n250-SIZE 1000\r\n250 AUTH PLAIN")
            elif word == "AUTH":
                good = self.lets_in(line.split()[2])
                await say("235 welcome" if good else f"535 5.7.8 {self.refusal}")
            elif word == "MAIL":
                await say("552 5.3.4 too large" if "SIZE=" in line else "250 ok")
            elif word == "RCPT":
                ours = USER in self.commands[-2] or "<>" in self.commands[-2]
                await say("250 ok" if ours else "553 5.7.1 not yours")
            elif word == "DATA":
                await self._data(reader, say)
            else:
                await say("221 bye" if word == "QUIT" else "250 ok")

    async def _data(self, reader: asyncio.StreamReader, say: Say) -> None:
        await say("354 go on")
        text = b""
        while (line := await reader.readline()) not in (b".\r\n", b""):
            text += line.removeprefix(b".") if line.startswith(b"..") else line
        if not self.put_off and not self.lost:
            self.messages.append(b"Received: by mail.example.org\r\n" + text)
        if self.mute:
            await reader.read()
        await say("451 4.3.0 later" if self.put_off else "250 2.0.0 queued")

    async def imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        say = saying(writer)
        self.sessions += 1
        selected = ""
        await say("* OK ready")
        async for line in lines(reader):
            self.commands.append(line)
            tag, _, rest = line.partition(" ")
            word = rest.partition(" ")[0].upper()
            if word == "AUTHENTICATE":
                await say("+ ")
                good = self.lets_in((await reader.readline()).decode().strip())
                await say(
                    f"{tag} OK in" if good else f"{tag} NO [AUTHENTICATIONFAILED] {self.refusal}"
                )
                continue
            if word == "IDLE":
                await say("+ idling")
                await reader.readline()
            elif word in ("SELECT", "EXAMINE"):
                selected = rest.partition(" ")[2]
                await say(f"* OK [UIDVALIDITY {7 if self.ids_stay else self.sessions}] ok")
            else:
                for answer in self._imap(rest, selected):
                    await say(answer)
            refused = word == "UID" and "STORE" in rest and not self.removable
            await say(f"{tag} {'NO not allowed' if refused else 'OK done'}")

    def _imap(self, rest: str, selected: str) -> list[str]:
        here = self.messages if selected.strip('"') == self.folder else []
        if rest == "CAPABILITY":
            return [f"* CAPABILITY {self.after_login}"]
        if rest.startswith("LIST"):
            uses = ("Archive", "Drafts", "Junk", "Sent", "Trash")
            return [f'* LIST (\\HasNoChildren \\{use}) "/" "{use}"' for use in uses]
        if search := re.fullmatch(r"UID SEARCH HEADER Message-ID (\S+)", rest):
            found = [n for n, text in enumerate(here, 1) if search[1].encode() in text]
            return [f"* SEARCH {' '.join(map(str, found))}".rstrip()]
        if fetch := re.fullmatch(r"UID FETCH (\d+) BODY.PEEK\[\]", rest):
            text = here[int(fetch[1]) - 1].decode()
            if not self.keeps:
                here.clear()
            return [f"* 1 FETCH (UID {fetch[1]} BODY[] {{{len(text)}}}\r\n{text})"]
        if rest.startswith("UID EXPUNGE"):
            here.clear()
        return []

    async def pop3(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        say = saying(writer)
        self.sessions += 1
        await say("+OK ready")
        async for line in lines(reader):
            self.commands.append(line)
            word, _, rest = line.partition(" ")
            if line == "AUTH PLAIN":
                await say("+ ")
                good = self.lets_in((await reader.readline()).decode().strip())
                await say("+OK in" if good else f"-ERR [AUTH] {self.refusal}")
            else:
                await self._pop3(word.upper(), rest, say)

    def _after_reading(self) -> None:
        if not self.keeps:
            self.messages.clear()
        self.messages += [b"Subject: another\r\n\r\n"] * self.others
        self.others = 0

    async def _pop3(self, word: str, rest: str, say: Say) -> None:
        if word == "CAPA":
            await say("+OK\r\nUIDL\r\nTOP\r\nPIPELINING\r\nRESP-CODES\r\n.")
        elif word == "UIDL":
            ids = [f"{n} {self.unique_id(n)}" for n in range(1, len(self.messages) + 1)]
            await say("\r\n".join(["+OK", *ids, "."]))
        elif word in ("TOP", "RETR"):
            text = self.messages[int(rest.split(maxsplit=1)[0]) - 1].decode()
            if word == "RETR":
                self._after_reading()
            await say(f"+OK\r\n{text}.")
        elif word == "DELE":
            if self.removable:
                del self.messages[int(rest) - 1]
            await say("+OK" if self.removable else "-ERR not allowed")
        elif word == "STAT":
            await say(f"+OK {len(self.messages)} 0")
        else:
            await say("+OK")


def saying(writer: asyncio.StreamWriter) -> Say:
    async def say(text: str) -> None:
        writer.write(f"{text}\r\n".encode())
        await writer.drain()

    return say


async def lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    while line := (await reader.readline()).decode().rstrip("\r\n"):
        yield line


@asynccontextmanager
async def opened(office: Office, authority: TestAuthority, name: str) -> AsyncIterator[Office]:
    """Open all counters; the certificate is for `name`. Port 25 knows no TLS, the others nothing else."""
    counters = {"submissions": office.smtp, "imaps": office.imap, "pop3s": office.pop3}
    async with AsyncExitStack() as stack:
        for protocol, serve in counters.items():
            running = scripted((serve,), context=authority.server(name))
            office.ports[protocol] = (await stack.enter_async_context(running)).port
        outside = await stack.enter_async_context(scripted((office.smtp,)))
        office.ports["smtp"] = outside.port
        yield office
