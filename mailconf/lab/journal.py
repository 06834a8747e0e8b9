"""One log of all machines: every daemon's syslog, with nothing changed in its configuration."""

from __future__ import annotations

import re
import selectors
import socket
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path as File

KEPT = 50_000
DATAGRAM = 65_536
# What a daemon says about a message is a consequence, not the cause; about clients it chats.
CONSEQUENCE = re.compile(r"\breject\b|\bstatus=(deferred|bounced)\b|milter-reject")
CHAT = re.compile(r"\bstatus=sent\b|disconnect from|lost connection")
# The words with which daemons name a cause, the worst first.
CAUSES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(fatal|panic|emerg)\b",
        r"\berror\b|can't|cannot|could not|failed|no such file|refused|\bwarning\b",
    )
)
PRIORITY = re.compile(r"^<\d+>(\w{3} [ \d]\d \d\d:\d\d:\d\d )?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, and the machine that said it."""

    machine: str
    text: str

    def __str__(self) -> str:
        return f"{self.machine}: {self.text}"


class Journal:
    """Collects what is sent to each machine's /dev/log, in a thread of its own."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.arrived = threading.Condition()
        self._selector = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._collect, name="journal", daemon=True)

    def attach(self, machine: str, root: File) -> None:
        """Listen on a machine's /dev/log; call before `start`."""
        path = root / "dev/log"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(str(path))
        path.chmod(0o666)
        self._selector.register(listener, selectors.EVENT_READ, machine)

    def start(self) -> None:
        """Begin to collect; ends with the process."""
        self._thread.start()

    def mark(self) -> int:
        """Return a position: what comes later can be asked for with `since`."""
        return len(self.entries)

    def since(self, mark: int) -> list[Entry]:
        """Return the entries after a mark."""
        return list(self.entries)[mark:]

    def death(self) -> str:
        """Return the first line with which a daemon says that it gives up, or an empty text."""
        return next((str(e) for e in list(self.entries) if CAUSES[0].search(e.text)), "")

    def explanation(self, mark: int = 0, machine: str = "") -> str:
        """Return the last line after `mark` that says what is wrong, or an empty text.

        Causes come before what daemons say about clients and messages.
        """
        entries = [
            entry
            for entry in self.since(mark)
            if (not machine or entry.machine == machine) and not CHAT.search(entry.text)
        ]
        causes = [e for e in entries if not CONSEQUENCE.search(e.text)]
        for pattern in CAUSES:
            found = [entry for entry in causes if pattern.search(entry.text)]
            if found:
                return str(found[-1])
        consequences = [entry for entry in entries if CONSEQUENCE.search(entry.text)]
        return str(consequences[-1]) if consequences else ""

    def _collect(self) -> None:
        while True:
            for key, _ in self._selector.select():
                octets = key.fileobj.recv(DATAGRAM)  # type: ignore[union-attr]
                text = octets.decode("utf-8", "backslashreplace").rstrip("\0\n")
                with self.arrived:
                    self.entries.append(Entry(key.data, PRIORITY.sub("", text)))
                    self.arrived.notify_all()
