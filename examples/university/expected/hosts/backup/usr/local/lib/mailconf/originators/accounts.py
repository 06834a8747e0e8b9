"""Which local account holds the other end of a connection over the loopback interface."""

from __future__ import annotations

import pwd
from ipaddress import IPv4Address
from pathlib import Path

TABLE = Path("/proc/net/tcp")
UID = 7
LOOPBACK = "127.0.0.1"


def account_of(client: str, port: int, server_port: int, table: Path = TABLE) -> str:
    """Return the user whose socket connects `client`:`port` to `server_port` of 127.0.0.1 (proc(5)).

    Both ends count: another account may bind another loopback address to the same port, or the
    same address to a port that leads elsewhere. Empty when unknown.
    """
    try:
        wanted = [_end(client, port), _end(LOOPBACK, server_port)]
        lines = table.read_text(encoding="ascii").splitlines()[1:]
        for line in lines:
            columns = line.split()
            if columns[1:3] == wanted:
                return pwd.getpwuid(int(columns[UID])).pw_name
    except (OSError, ValueError, IndexError, KeyError):
        return ""
    return ""


def _end(address: str, port: int) -> str:
    """Write one end of a connection as proc(5) has it: the address as the machine stores it."""
    return f"{IPv4Address(address).packed[::-1].hex().upper()}:{port:04X}"
