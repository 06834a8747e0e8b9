"""Clients that connect and fall silent, on every port, from one address."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab.attacks import abuse
from mailconf.lab.attacks.scene import Scene, trusting
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT, CROWDED
from mailconf.model.endpoint import EndpointAddress, Security
from mailconf.model.finding import Finding

COUNT = 130
CONNECT_SECONDS = 1.0
GREETING_OCTETS = 4096
TOO_MANY = b"421 "


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for each host that clients reach."""
    hosts: dict[str, list[EndpointAddress]] = {}
    for endpoint in scene.ours.endpoints:
        at = EndpointAddress(endpoint, endpoint.addresses[0])
        hosts.setdefault(endpoint.host, []).append(at)
    for host, found in hosts.items():
        yield Job("attack.silence", host, partial(_others_get_in, found))


async def _others_get_in(found: list[EndpointAddress]) -> AsyncIterator[Finding]:
    """Hold the connections, then see whether another address is greeted on each port."""
    for at, why in on_network_of(CLIENT, partial(_kept_out, trusting(), found)):
        yield abuse.KEPT_OUT.at(at, at.endpoint.where, count=COUNT, why=why)


def _kept_out(
    context: ssl.SSLContext, found: Iterable[EndpointAddress]
) -> tuple[tuple[EndpointAddress, OSError], ...]:
    with ExitStack() as held:
        silent = {at: tuple(_hold(held, at)) for at in found}
        tried = ((at, _refusal(context, at, silent[at])) for at in silent)
        return tuple((at, why) for at, why in tried if why)


def _hold(held: ExitStack, at: EndpointAddress) -> Iterator[socket.socket]:
    """Open connections until the server takes no more."""
    target, source = (str(at.address), at.endpoint.port), (CROWDED[at.address.version], 0)
    for _ in range(COUNT):
        try:
            found = socket.create_connection(target, CONNECT_SECONDS, source)
        except OSError:
            return
        yield held.enter_context(found)


def _refusal(
    context: ssl.SSLContext, at: EndpointAddress, silent: Iterable[socket.socket]
) -> OSError | None:
    """Return why a client is not greeted, or only in the place of a silent one; None when it is."""
    held = [one for one in silent if not _heard(one)[0]]
    begun = time.monotonic()
    try:
        _greeting(context, at)
    except OSError as why:
        return why
    taken = time.monotonic() - begun
    if taken > abuse.PATIENT_SECONDS and any(map(_gave_way, held)):
        return TimeoutError(f"greeted after {taken:.1f} s, when silent ones had been closed")
    return None


def _greeting(context: ssl.SSLContext, at: EndpointAddress) -> None:
    """Read an octet of a server's greeting; raises OSError."""
    target = str(at.address), at.endpoint.port
    with ExitStack() as stack:
        talk = stack.enter_context(socket.create_connection(target, abuse.SILENT_SECONDS))
        if at.endpoint.security is Security.IMPLICIT_TLS:
            talk = context.wrap_socket(talk, server_hostname=at.endpoint.host)
            stack.enter_context(talk)
        if not talk.recv(1):
            raise ConnectionResetError("closed at once")


def _gave_way(connection: socket.socket) -> bool:
    """Tell whether the server has closed a connection that took a place.

    One above a limit is closed with 421, on a busy machine late: it was in nobody's way.
    """
    is_closed, heard = _heard(connection)
    return is_closed and TOO_MANY not in heard


def _heard(connection: socket.socket) -> tuple[bool, bytes]:
    """Return whether the server has closed a connection, and what it said meanwhile."""
    connection.setblocking(False)
    heard = b""
    try:
        while octets := connection.recv(GREETING_OCTETS):
            heard += octets
    except BlockingIOError:
        return False, heard
    except OSError:
        return True, heard
    return True, heard
