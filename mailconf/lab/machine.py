"""A running machine of the lab: where its root is, how something is run on it."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path as File

from mailconf.lab.faults import BootError
from mailconf.lab.journal import Journal
from mailconf.lab.network import enter

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
COMMAND_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said: its status and everything it printed, errors included."""

    status: int
    output: str


@dataclass(frozen=True, slots=True)
class Machine:
    """One host with its own network, name and root."""

    name: str
    root: File
    journal: Journal

    def run(self, *command: str) -> Done:
        """Run a command to its end; one that takes too long counts as failed.

        Output goes through a file: a daemon keeps its end of a pipe open for good.
        """
        with tempfile.TemporaryFile() as output:
            try:
                done = subprocess.run(
                    [*enter(self.name, self.root), *command],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={"PATH": PATH, "LANG": "C.UTF-8"},
                    timeout=COMMAND_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return Done(-1, f"{command[0]} did not end within {COMMAND_SECONDS} s")
            output.seek(0)
            text = output.read().decode("utf-8", "backslashreplace")
        return Done(done.returncode, text.strip())

    def start(self, *command: str) -> None:
        """Run a command that puts a daemon into the background; raises BootError."""
        mark = self.journal.mark()
        done = self.run(*command)
        if done.status:
            logged = self.journal.explanation(mark, self.name)
            why = logged or (done.output.splitlines() or ["it said nothing"])[-1]
            raise BootError(f"{self.name}: {' '.join(command)} failed: {why}")
