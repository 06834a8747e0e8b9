"""How a command reaches the world: resolvers, authorities to trust, addresses to go to."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from mailconf.cli.finish import refuse
from mailconf.net.dns import Resolver, resolver_of
from mailconf.net.live import LiveWorld


def live_world(resolvers: list[str], ca: Path | None, connect: list[str]) -> LiveWorld:
    """Return the world as --resolver, --ca and --connect say that it is reached."""
    if ca and not ca.is_file():
        refuse(f"--ca {ca}: no such file")
    return LiveWorld(
        now=datetime.now(UTC),
        resolvers=tuple(resolver("--resolver", text) for text in resolvers),
        ca_file=ca,
        connect=dict(map(_connection, connect)),
    )


def resolver(option: str, text: str) -> Resolver:
    """Read ADDRESS[:PORT]."""
    try:
        return resolver_of(text)
    except ValueError as why:
        refuse(f"{option} {text}: {why}")


def _connection(text: str) -> tuple[str, str]:
    host, equals, address = text.partition("=")
    if not equals or not host:
        refuse(f"--connect {text}: wanted HOST=ADDRESS")
    try:
        return host.lower().rstrip("."), str(ip_address(address))
    except ValueError:
        refuse(f"--connect {text}: {address!r} is not an IP address")
