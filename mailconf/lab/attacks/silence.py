"""Clients that connect and fall silent, on every port, from one address."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab.attacks import abuse
from mailconf.lab.attacks.scene import Scene, trusting
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT, CROWDED
from mailconf.model.endpoint import Listener, Security
from mailconf.model.finding import Finding

COUNT = 130
CONNECT_SECONDS = 1.0


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for each host that clients reach."""
    hosts: dict[str, list[Listener]] = {}
    for endpoint in scene.ours.endpoints:
        at = Listener(endpoint, endpoint.addresses[0])
        hosts.setdefault(endpoint.host, []).append(at)
    for host, found in hosts.items():
        yield Job("attack.silence", host, partial(_others_get_in, found))


async def _others_get_in(found: list[Listener]) -> AsyncIterator[Finding]:
    """Hold the connections, then see whether another address is greeted on each port."""
    for at, why in on_network_of(CLIENT, partial(_kept_out, trusting(), found)):
        yield abuse.KEPT_OUT.at(at, at.endpoint.where, count=COUNT, why=why)


def _kept_out(
    context: ssl.SSLContext, found: Iterable[Listener]
) -> tuple[tuple[Listener, OSError], ...]:
    with ExitStack() as held:
        for at in found:
            _hold(held, at)
        return tuple((at, why) for at in found if (why := _refusal(context, at)))


def _hold(held: ExitStack, at: Listener) -> None:
    """Open connections until the server takes no more."""
    target, source = (str(at.address), at.endpoint.port), (CROWDED[at.address.version], 0)
    for _ in range(COUNT):
        try:
            found = socket.create_connection(target, CONNECT_SECONDS, source)
        except OSError:
            return
        held.enter_context(found)


def _refusal(context: ssl.SSLContext, at: Listener) -> OSError | None:
    """Return why a client is not greeted, or None when it is."""
    target = str(at.address), at.endpoint.port
    try:
        with socket.create_connection(target, abuse.SILENT_SECONDS) as plain:
            if at.endpoint.security is Security.STARTTLS:
                return None if plain.recv(1) else ConnectionResetError("closed at once")
            with context.wrap_socket(plain, server_hostname=at.endpoint.host) as wrapped:
                return None if wrapped.recv(1) else ConnectionResetError("closed at once")
    except OSError as why:
        return why
