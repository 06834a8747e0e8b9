"""Reaching a listener: where, from which address, for how long."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from mailconf.model.endpoint import Listener
from mailconf.model.world import CannotTell, Port, Refused
from mailconf.net.line import MAX_LINE, Connection, reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where a listener is reached: its own address and port, or what stands in for them."""

    address: str
    port: int
    source: str = ""
    """The local address to come from."""


@asynccontextmanager
async def dialled(
    listener: Listener, place: Place, context: ssl.SSLContext | None, seconds: float
) -> AsyncIterator[Connection]:
    """Connect to a listener, with TLS at once when a context is given.

    Everything inside must be done within `seconds`. Raises CannotTell on silence, Refused when
    the port is closed, ssl.SSLCertVerificationError for an untrusted chain.
    """
    point, where = listener.endpoint, str(listener)
    try:
        async with asyncio.timeout(seconds):
            connection = await _open(place, context, point.host, where)
            try:
                yield connection
            finally:
                await connection.close()
    except TimeoutError:
        raise CannotTell(f"{where} did not answer within {seconds:g} s") from None
    except ssl.SSLCertVerificationError:
        raise
    except OSError as why:
        raise CannotTell(f"{where} broke the connection: {reason(why)}") from None


def bound(source: str, address: str) -> tuple[str, int] | None:
    """Return what to bind to for a connection from `source`; None to a place of the other family."""
    same = source and (":" in source) == (":" in address)
    return (source, 0) if same else None


async def knock(place: Place, seconds: float) -> Port:
    """Connect and hang up; a packet filter may answer with an ICMP message or not at all."""
    local = bound(place.source, place.address)
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(place.address, place.port, local_addr=local)
    except ConnectionRefusedError:
        return "refused"
    except (TimeoutError, OSError):
        return "silent"
    writer.close()
    return "open"


async def _open(place: Place, context: ssl.SSLContext | None, name: str, where: str) -> Connection:
    server_name, local = name if context else None, bound(place.source, place.address)
    try:
        reader, writer = await asyncio.open_connection(
            place.address,
            place.port,
            limit=MAX_LINE,
            ssl=context,
            server_hostname=server_name,
            local_addr=local,
        )
    except ssl.SSLCertVerificationError:
        raise
    except ConnectionRefusedError:
        raise Refused(f"{where} refused the connection") from None
    except ssl.SSLError as why:
        raise CannotTell(f"{where}: TLS handshake failed: {reason(why)}") from None
    except OSError as why:
        raise CannotTell(f"{where} cannot be reached: {reason(why)}") from None
    return Connection(reader, writer, where)
