"""Reaching a listener: where, from which address, for how long."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.questions.ports import Port
from mailconf.model.world import ConnectionRejected, Inconclusive
from mailconf.net.line import Connection, reason
from mailconf.net.pipe import piped


@dataclass(frozen=True, slots=True)
class Place:
    """Where a listener is reached: its own address and port, or what stands in for them."""

    address: str
    port: int
    source: str = ""
    """The local address to come from."""


@asynccontextmanager
async def dialled(
    listener: EndpointAddress,
    place: Place,
    context: ssl.SSLContext | None,
    seconds: float,
    farewell: str = "",
) -> AsyncIterator[Connection]:
    """Connect to a listener, with TLS at once when a context is given, and say `farewell` at the end.

    Everything inside must be done within `seconds`; the farewell has a time of its own. Raises
    Inconclusive on silence, ConnectionRejected when the port is closed, ssl.SSLCertVerificationError for an
    untrusted chain.
    """
    point, where = listener.endpoint, str(listener)
    try:
        async with asyncio.timeout(seconds) as limit:
            connection = await _open(place, context, point.host, where)
            try:
                yield connection
                limit.reschedule(None)
                await connection.close(farewell)
            finally:
                await connection.close()
    except TimeoutError:
        raise Inconclusive(f"{where} did not answer within {seconds:g} s") from None
    except ssl.SSLCertVerificationError:
        raise
    except OSError as why:
        raise Inconclusive(f"{where}: connection lost: {reason(why)}") from None


async def knock(place: Place, seconds: float) -> Port:
    """Connect and hang up; a packet filter may answer with an ICMP message or not at all."""
    try:
        async with asyncio.timeout(seconds):
            pipe = await piped(place.address, place.port, place.source)
    except ConnectionRefusedError:
        return "refused"
    except (TimeoutError, OSError):
        return "silent"
    pipe.close()
    return "open"


async def _open(place: Place, context: ssl.SSLContext | None, name: str, where: str) -> Connection:
    try:
        pipe = await piped(place.address, place.port, place.source)
    except ConnectionRefusedError:
        raise ConnectionRejected(f"{where} refused the connection") from None
    except OSError as why:
        raise Inconclusive(f"{where} cannot be reached: {reason(why)}") from None
    connection = Connection(pipe, where)
    if context:
        try:
            await connection.start_tls(context, name)
        except BaseException:
            pipe.close()
            raise
    return connection
