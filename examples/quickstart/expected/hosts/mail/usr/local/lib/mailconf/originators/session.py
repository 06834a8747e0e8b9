"""One connection of the MTA: messages are collected, judged and cleaned."""

from __future__ import annotations

from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections import Counter
from collections.abc import Callable

from . import protocol
from .accounts import account_of
from .policy import EXTERNAL, forged_traces, is_external, refusal
from .rules import Message, Rules
from .scripts import is_notice

TRIES = 3
FIRST = (0).to_bytes(4, "big")
# Rejected commands.
SILENT = (protocol.MACRO, protocol.ABORT, protocol.QUIT_NEXT)


class Session:
    """What one connection has said so far."""

    def __init__(self, rules: Callable[[], Rules], log: Callable[[str], None]) -> None:
        self._rules = rules
        self._log = log
        self._macros: dict[str, str] = {}
        self._client, self._port, self._account, self._helo = "", 0, "", ""
        self._message = Message("", "")

    async def run(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer until the MTA goes; raises ProtocolError."""
        try:
            while True:
                command, data = await protocol.read(reader)
                if command == protocol.QUIT:
                    return
                for answer in self.answers(command, data):
                    protocol.write(writer, *answer)
                await writer.drain()
        except (IncompleteReadError, ConnectionError):
            return

    def answers(self, command: bytes, data: bytes) -> list[tuple[bytes, bytes]]:
        """Return the packets that answer one; none where none is expected."""
        if command == protocol.OPTIONS:
            return [(protocol.OPTIONS, protocol.options(data))]
        if command in SILENT:
            self._note(command, data)
            return []
        if command == protocol.END_OF_HEADER:
            return [self._judged()]
        if command == protocol.END_OF_MESSAGE:
            return [*self._changes(), (protocol.CONTINUE, b"")]
        self._take(command, data)
        return [(protocol.CONTINUE, b"")]

    def _note(self, command: bytes, data: bytes) -> None:
        """Take what the MTA waits for no answer to."""
        if command == protocol.MACRO:
            self._macros.update(protocol.macros(data))
        else:
            self._forget(connection=command == protocol.QUIT_NEXT)

    def _take(self, command: bytes, data: bytes) -> None:
        """Take the client, its name, the sender, or a field of the header."""
        if command == protocol.HELO:
            self._helo = next(iter(protocol.strings(data)), "")
        elif command == protocol.CONNECT:
            self._client, self._port = protocol.client(data)
            self._account = self._known()
        elif command == protocol.MAIL:
            self._begin(protocol.strings(data))
        elif command == protocol.HEADER:
            self._message.add(*(*protocol.strings(data), "", "")[:2])

    def _forget(self, *, connection: bool) -> None:
        self._message = Message("", "")
        if connection:
            self._macros, self._client, self._port = {}, "", 0
            self._account, self._helo = "", ""

    def _begin(self, words: list[str]) -> None:
        """Begin a message: its sender, and who sends it."""
        login = self._macros.pop("auth_authen", "")
        daemon = self._macros.get("daemon_name", "")
        sender = words[0].strip("<>") if words else ""
        self._message = Message(self._client, daemon, login, "", sender, self._helo)

    def _known(self) -> str:
        """Return who holds the other end, where that counts; the kernel's table may skip a line."""
        sieve = self._rules().sieve
        if not sieve or self._macros.get("daemon_name", "") != sieve.daemon:
            return ""
        return next((found for _ in range(TRIES) if (found := self._holder(sieve.port))), "")

    def _holder(self, server_port: int) -> str:
        return account_of(self._client, self._port, server_port)

    def _judged(self) -> tuple[bytes, bytes]:
        message, rules = self._message, self._rules()
        if rules.sieve and message.daemon == rules.sieve.daemon:
            message.account = self._account or self._known()
        refused = refusal(message, rules)
        if not refused:
            return protocol.CONTINUE, b""
        self._log(f"{self._macros.get('i', 'NOQUEUE')}: reject: {refused.text}")
        return protocol.REPLY, protocol.text(f"{refused.code} {refused.text}".replace("%", "%%"))

    def _changes(self) -> list[tuple[bytes, bytes]]:
        """Remove forged fields, and the return path of scripts' notices; mark what strangers send."""
        fields, seen, numbers = self._message.fields, Counter[str](), []
        for name, _ in fields:
            seen[name.lower()] += 1
            numbers.append(seen[name.lower()])
        found = [
            (
                protocol.CHANGE_FIELD,
                numbers[at].to_bytes(4, "big") + protocol.text(fields[at][0]) + b"\0",
            )
            for at in forged_traces(self._message, self._rules())
        ]
        if is_external(self._message, self._rules()):
            # Before all others, so that none of them can end the header above it.
            field = protocol.text(EXTERNAL) + protocol.text("yes")
            found.append((protocol.INSERT_FIELD, FIRST + field))
        if is_notice(self._message, self._rules()):
            found.append((protocol.CHANGE_SENDER, protocol.text("<>")))
        return found
