"""A running machine of the lab: where its root is, how something is run on it."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path as File
from typing import IO

from mailconf.lab import below
from mailconf.lab.confine import enter
from mailconf.lab.errors import BootError
from mailconf.lab.log import LabLog
from mailconf.lab.network import on_network_of
from mailconf.lab.rootfs import BASE, install, owner_ids
from mailconf.lab.site import LabFile
from mailconf.model.lab import Done
from mailconf.model.target import Target

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = {"PATH": PATH, "LANG": "C.UTF-8"}
COMMAND_SECONDS = 20
TCP_TABLES = (File("/proc/thread-self/net/tcp"), File("/proc/thread-self/net/tcp6"))
LISTEN = "0A"
LISTEN_SECONDS = 60
"""rspamd compiles its patterns first, on a busy machine for more than twenty seconds."""
POLL_SECONDS = 0.02
# Warnings come first and are seldom the reason.
COMPLAINT = re.compile(
    r"\b(error|fatal|panic|emerg|failed|cannot|could not|no such|invalid|unknown)\b|can't", re.I
)


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until somebody listens on a port, or its process has ended.

    The kernel's tables tell: the packet filter may keep a connection of ours from the port.
    """
    end = time.monotonic() + LISTEN_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if port in _listened():
            return True
        time.sleep(POLL_SECONDS)
    return False


def _temporary() -> IO[bytes]:
    """Return a file without a name, on the lab's own file system: what writes to it may be hostile."""
    return tempfile.TemporaryFile(dir=BASE)


def _listened() -> set[int]:
    """Return the TCP ports that somebody listens on, in the network of this thread (proc(5))."""
    rows = [row.split() for table in TCP_TABLES for row in table.read_text("ascii").splitlines()]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == LISTEN}


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(below.AT_MOST).decode("utf-8", "backslashreplace").strip()


def reason(printed: str) -> str:
    """Return why a command failed by what it printed: its first complaint and its last.

    sievec and nginx, for example, end with the name of the file alone.
    """
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    if not lines:
        return "it printed no reason"
    complaints = [line for line in lines if COMPLAINT.search(line)] or lines[-1:]
    return "; ".join(dict.fromkeys((complaints[0], complaints[-1])))


@dataclass(frozen=True, slots=True)
class Machine:
    """One host in namespaces of its own; `first` is the id of its first process.

    Its daemons may have changed what is below `root`: see `below` for how to read and write there.
    """

    name: str
    root: File
    journal: LabLog
    target: Target
    first: int

    def run(self, *command: str, changes_network: bool = False) -> Done:
        """Run a command to its end; one that takes too long counts as failed.

        Output goes through files: a daemon keeps its end of a pipe open for good.
        """
        with _temporary() as output, _temporary() as errors:
            try:
                done = subprocess.run(
                    [*enter(self.first, command[0], changes_network=changes_network), *command],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=errors,
                    env=ENVIRONMENT,
                    # Whoever has our terminal can type into it.
                    start_new_session=True,
                    timeout=COMMAND_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                late = f"{command[0]} did not end within {COMMAND_SECONDS} s"
                return Done(-1, "", late)
            return Done(done.returncode, _text(output), _text(errors))

    def read(self, path: str) -> str:
        """Return the text of a file; raises OSError."""
        return below.read(self.root, path)

    def write(self, path: str, text: str) -> None:
        """Write a file of root's; raises OSError."""
        install(self.root, path, LabFile(text))

    def copy_log(self, path: str) -> None:
        """Have what daemons log from now on in a file as well; raises OSError."""
        self.write(path, "")
        self.journal.copy(self.name, self.root, path)

    def make_directory(self, path: str, owner: str = "root") -> None:
        """Make what the package's tmpfiles.d entry makes under systemd; raises OSError."""
        below.make_directory(self.root, path, owner_ids(self.root, owner, owner), 0o755)

    def spawn(self, port: int, *command: str) -> None:
        """Start a daemon that stays in the foreground, and wait for its port; raises BootError."""
        file = BASE / self.name / f"port-{port}.out"
        with file.open("w") as output:
            process = subprocess.Popen(
                [*enter(self.first, command[0]), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=ENVIRONMENT,
                start_new_session=True,
            )
        if not on_network_of(self.name, lambda: _listens(port, process)):
            printed = file.read_text(errors="replace")
            why = self.journal.explanation(machine=self.name) or reason(printed)
            raise BootError(f"{self.name}: {' '.join(command)} does not listen on {port}: {why}")

    def start(self, *command: str, changes_network: bool = False) -> None:
        """Run a command that puts a daemon into the background; raises BootError."""
        mark = self.journal.mark()
        done = self.run(*command, changes_network=changes_network)
        if done.status:
            why = self.journal.explanation(mark, self.name) or reason(done.errors or done.output)
            raise BootError(f"{self.name}: {' '.join(command)} failed: {why}")
