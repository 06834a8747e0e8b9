"""One log of all machines: every daemon's syslog, with nothing changed in its configuration."""

from __future__ import annotations

import os
import re
import selectors
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path as File
from typing import IO

from mailconf.lab import below

KEPT = 50_000
DATAGRAM = 65_536
QUIET_SECONDS, SETTLE_SECONDS = 0.1, 1.0
"""How long nothing is written when all is, and how long that is waited for."""
# What a daemon says about a message is a consequence, not the cause; about clients it chats.
CONSEQUENCE = re.compile(r"\breject\b|\bstatus=(deferred|bounced)\b|milter-reject")
# Postfix and Dovecot's services give up when Dovecot's auth has: alone that explains nothing.
INNER = "Internal auth failure"
ECHO = re.compile(rf"no SASL authentication mechanisms|{INNER}")
AUTH = re.compile(r"\bdovecot: auth(-worker)?\b")
# A client that knows old versions of TLS or weak ciphers only is one of our own probes.
CHAT = re.compile(
    r"\bstatus=sent\b|disconnect from|lost connection|unsupported protocol|no shared cipher|SSL_accept error from"
)
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

    @property
    def process(self) -> str:
        """The program and its process id, as syslog names them: `postfix/smtpd[595]`."""
        return self.text.partition(": ")[0]

    def __str__(self) -> str:
        return f"{self.machine}: {self.text}"


class LabLog:
    """Collects what is sent to each machine's /dev/log, in a thread of its own."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.arrived = threading.Condition()
        self._copies: dict[str, IO[bytes]] = {}
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

    def copy(self, machine: str, root: File, path: str) -> None:
        """Append what a machine's daemons log to a file of it, which exists; raises OSError."""
        with below.opened(root, path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW) as file:
            self._copies[machine] = os.fdopen(os.dup(file), "ab", buffering=0)

    def mark(self) -> int:
        """Return a position: what comes later can be asked for with `since`."""
        return len(self.entries)

    def since(self, mark: int) -> list[Entry]:
        """Return the entries after a mark."""
        return list(self.entries)[mark:]

    def death(self) -> str:
        """Return the first line with which a daemon says that it gives up, or an empty text."""
        entries = list(self.entries)
        fatal = (e for e in entries if CAUSES[0].search(e.text))
        dying = next((e for e in fatal if not _is_echo(e, entries)), None)
        return _with_origin(dying, entries) if dying else ""

    def explanation(self, mark: int = 0, machine: str = "") -> str:
        """Return the last line after `mark` that says what is wrong, or an empty text.

        Causes come before what daemons say about clients and messages. Daemons log through processes of
        their own: a client may see the end before the cause is written down.
        """
        self._settle()
        entries = [
            entry
            for entry in self.since(mark)
            if (not machine or entry.machine == machine) and not CHAT.search(entry.text)
        ]
        causes = [e for e in entries if not CONSEQUENCE.search(e.text)]
        for pattern in CAUSES:
            found = [entry for entry in causes if pattern.search(entry.text)]
            known = list(self.entries)
            found = [e for e in found if not _is_echo(e, entries)] or _voiced(found, known)
            if found:
                return _with_origin(found[-1], known)
        consequences = [entry for entry in entries if CONSEQUENCE.search(entry.text)]
        return _with_origin(consequences[-1], list(self.entries)) if consequences else ""

    def _settle(self) -> None:
        """Wait until nothing more is written, for a moment at most."""
        end = time.monotonic() + SETTLE_SECONDS
        with self.arrived:
            while self.arrived.wait(QUIET_SECONDS) and time.monotonic() < end:
                pass

    def last(self, pattern: str, mark: int = 0) -> str:
        """Return the last line after `mark` that a pattern is found in, or an empty text."""
        found = [entry for entry in self.since(mark) if re.search(pattern, entry.text)]
        return str(found[-1]) if found else ""

    def _collect(self) -> None:
        while True:
            for key, _ in self._selector.select():
                octets = key.fileobj.recv(DATAGRAM)  # type: ignore[union-attr]
                text = octets.decode("utf-8", "backslashreplace").rstrip("\0\n")
                entry = Entry(key.data, PRIORITY.sub("", text))
                self._copy(entry)
                with self.arrived:
                    self.entries.append(entry)
                    self.arrived.notify_all()

    def _copy(self, entry: Entry) -> None:
        """Write a line as rsyslog does (RFC 3164 §4.1); machines of the lab have no time zone."""
        file = self._copies.get(entry.machine)
        if file:
            stamp = time.strftime("%b %e %H:%M:%S", time.gmtime())
            file.write(f"{stamp} {entry.machine} {entry.text}\n".encode())


def _with_origin(entry: Entry, entries: list[Entry]) -> str:
    """Put the first complaint of the same process before a line: a process says the cause once."""
    first = next((e for e in entries if _is_complaint(e) and _same_process(e, entry)), entry)
    if first.text == entry.text:
        return str(entry)
    return f"{first}; {entry.text.partition(': ')[2]}"


def _is_echo(entry: Entry, entries: list[Entry]) -> bool:
    """Tell whether a process gives up because of another one: it has said nothing of its own."""
    if INNER in entry.text:  # all of Dovecot is one process by the names in its log
        return True
    own = (e for e in entries if _same_process(e, entry) and _is_complaint(e))
    return bool(ECHO.search(entry.text)) and next(own, entry).text == entry.text


def _voiced(echoes: list[Entry], known: list[Entry]) -> list[Entry]:
    """Return what Dovecot's auth said itself, however long ago: it reads a file once; else the echoes."""
    machines = {entry.machine for entry in echoes}
    said = (e for e in known if e.machine in machines and AUTH.search(e.text) and _is_complaint(e))
    return [e for e in said if not ECHO.search(e.text)] or echoes


def _is_complaint(entry: Entry) -> bool:
    told = CHAT.search(entry.text) or CONSEQUENCE.search(entry.text)
    return not told and any(pattern.search(entry.text) for pattern in CAUSES)


def _same_process(one: Entry, other: Entry) -> bool:
    return (one.machine, one.process) == (other.machine, other.process)
