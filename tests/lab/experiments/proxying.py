"""A load balancer in front of one host."""

import base64
import socket
from functools import partial
from typing import Any

from mailconf.lab import peer
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT
from mailconf.model.endpoint import EndpointAddress
from tests.lab.flow import Bench

CLAIMED = "203.0.113.99"
LOGINS = {"smtp": ("EHLO client", "AUTH PLAIN {token}"), "imap": ("a AUTHENTICATE PLAIN {token}",)}

LOGGED = {
    "smtp": rf"postfix/submissions/smtpd.* connect from unknown\[{CLAIMED}\]",
    "imap": rf"imap-login: Log(ged in|in): .*rip={CLAIMED}",
}


def proxied(bench: Bench) -> Any:
    """The load balancer speaks for a client; nobody else gets a connection."""
    told = {}
    for endpoint in bench.lab.ours.build.spec.endpoints:
        if endpoint.proxies:
            at = EndpointAddress(endpoint, endpoint.addresses[0])
            told[at.endpoint.protocol.name] = {
                "proxy": on_network_of(CLIENT, partial(_through_proxy, bench, at)),
                "stranger": on_network_of(peer.KEY, partial(_connects, at)),
                "log": bench.logged(LOGGED[at.endpoint.protocol.family]),
            }
    return told


def _through_proxy(bench: Bench, at: EndpointAddress) -> str:
    """Log in through the PROXY protocol (version 1), and return the last answer."""
    user = bench.login("alice@example.org")
    token = base64.b64encode(f"\0{user.address}\0{user.password}".encode()).decode()
    with socket.create_connection((str(at.address), at.endpoint.port), 10) as plain:
        plain.sendall(f"PROXY TCP4 {CLAIMED} {at.address} 40000 {at.endpoint.port}\r\n".encode())
        with (
            bench.context.wrap_socket(plain, server_hostname=at.endpoint.host) as wrapped,
            wrapped.makefile("rb") as lines,
        ):
            last = lines.readline()
            for command in LOGINS[at.endpoint.protocol.family]:
                wrapped.sendall(command.format(token=token).encode() + b"\r\n")
                last = lines.readline()
                while last[3:4] == b"-" or last.startswith(b"*"):
                    last = lines.readline()
            return last.decode().strip()


def _connects(at: EndpointAddress) -> str:
    try:
        socket.create_connection((str(at.address), at.endpoint.port), 3).close()
    except OSError as why:
        return type(why).__name__
    return "connected"
