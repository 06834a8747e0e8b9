"""Listen for Postfix: `python3 -m originators RULES.json`; `--check` only reads the rules."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import syslog
from asyncio import StreamReader, StreamWriter
from pathlib import Path
from typing import Any

from .protocol import ProtocolError
from .rules import Rules, Sieve
from .session import Session

NAME = "mailconf-originators"
BACKLOG = 1024


def rules_of(found: dict[str, Any]) -> Rules:
    """Return the rules from the JSON that mailconf renders."""
    sieve = found["sieve"]
    return Rules(
        hostnames=tuple(found["hostnames"]),
        logins={key: tuple(value) for key, value in found["logins"].items()},
        own_logins=tuple(found["own_logins"]),
        own=tuple(found["own"]),
        programs=tuple(found["programs"]),
        hosts={key: tuple(value) for key, value in found["hosts"].items()},
        trusted=tuple(found["trusted"]),
        sieve=Sieve(**{**sieve, "authors": tuple(sieve["authors"])}) if sieve else None,
        has_spf_field=found["has_spf_field"],
        forwards_to_relay=found["forwards_to_relay"],
        domains=frozenset(found["domains"]),
        organizations=frozenset(found["organizations"]),
        srs_domain=found["srs_domain"],
    )


class Service:
    """The rules in force, and what listens."""

    rules: Rules

    def __init__(self, file: Path) -> None:
        self._file = file
        found = json.loads(file.read_text(encoding="utf-8"))
        self._port: int = found["port"]
        self.rules = rules_of(found)

    def reload(self) -> None:
        """Read the rules again; the old ones stay in force when the file is broken."""
        try:
            self.rules = rules_of(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as why:
            syslog.syslog(syslog.LOG_ERR, f"error: {self._file} is not read: {why}")

    async def run(self) -> None:
        """Serve until the process is ended; raises OSError when the port is taken."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.reload)
        server = await asyncio.start_server(
            self._connected, "127.0.0.1", self._port, backlog=BACKLOG
        )
        async with server:
            await server.serve_forever()

    async def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        session = Session(lambda: self.rules, syslog.syslog)
        try:
            await session.run(reader, writer)
        except ProtocolError as why:
            syslog.syslog(syslog.LOG_WARNING, f"warning: {why}")
        finally:
            writer.close()


def main() -> None:
    """Serve, or check the rules."""
    *options, file = sys.argv[1:]
    service = Service(Path(file))
    if "--check" not in options:
        syslog.openlog(NAME, syslog.LOG_PID, syslog.LOG_MAIL)
        asyncio.run(service.run())


if __name__ == "__main__":
    main()
