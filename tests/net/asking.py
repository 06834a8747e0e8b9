"""Short ways to a LiveWorld and to listeners of scripted servers."""

from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from mailconf.model.endpoint import PROTOCOLS, Endpoint, EndpointAddress
from mailconf.net.live import LiveWorld
from mailconf.net.resolvers import Resolver

HOST = "mail.example.org"
SOON = 0.3
"""Seconds after which silence is concluded, where a test is about silence."""


def listener(name: str, port: int) -> EndpointAddress:
    protocol = next(protocol for protocol in PROTOCOLS if protocol.name == name)
    address = ip_address("127.0.0.1")
    return EndpointAddress(Endpoint(protocol, HOST, (address,), port, ()), address)


def world(
    ca_file: Path | None = None,
    seconds: float = 5.0,
    resolvers: tuple[Resolver, ...] = (),
    connect: dict[str, str] | None = None,
    *,
    public_only: bool = False,
) -> LiveWorld:
    return LiveWorld(
        now=datetime.now(UTC),
        resolvers=resolvers,
        authorities=ca_file.read_text() if ca_file else "",
        connect=connect,
        seconds=seconds,
        public_only=public_only,
    )
