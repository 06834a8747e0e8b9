"""Who is asked: addresses and ports, as operators write them."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

Resolver = tuple[str, int]
DNS_PORT = 53


def system_resolvers(file: Path = Path("/etc/resolv.conf")) -> tuple[Resolver, ...]:
    """Return the name servers of resolv.conf(5), or the local one when there are none."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    words = [line.split() for line in lines]
    found = tuple(
        (w[1].partition("%")[0], DNS_PORT) for w in words if w[:1] == ["nameserver"] and w[1:]
    )
    return found or (("127.0.0.1", DNS_PORT),)


def resolver_of(text: str) -> Resolver:
    """Read ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; raises ValueError for anything else."""
    address, port = address_of(text)
    return address, DNS_PORT if port is None else port


def address_of(text: str) -> tuple[str, int | None]:
    """Read ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; no port is None. Raises ValueError."""
    has_port = text.count(":") == 1 or "]:" in text
    host, _, port = text.rpartition(":") if has_port else (text, "", "")
    if has_port and (not port.isdecimal() or not 0 < int(port) < 2**16):
        raise ValueError(f"expected ADDRESS or ADDRESS:PORT, not {text!r}")
    return str(ip_address(host.strip("[]"))), int(port) if has_port else None
