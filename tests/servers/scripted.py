"""A TCP server that follows a script, whatever the protocol would say."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from socket import SO_LINGER, SOL_SOCKET

Step = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def say(text: str | bytes) -> Step:
    """Send octets as they are; text gets CRLF line ends."""
    octets = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode()

    async def step(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(octets)
        await writer.drain()

    return step


def hear(start: str) -> Step:
    """Read one line, which must start with `start` in either case."""

    async def step(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode()
        assert line.upper().startswith(start.upper()), f"wanted {start!r}, heard {line!r}"

    return step


def drip(octets: bytes) -> Step:
    """Send one octet at a time."""

    async def step(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for octet in octets:
            writer.write(bytes([octet]))
            await writer.drain()
            await asyncio.sleep(0)

    return step


def endless(octets: bytes) -> Step:
    """Send the same again and again until the other side has enough."""

    async def step(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        many = octets * (4096 // len(octets))
        while not writer.is_closing():
            writer.write(many)
            await writer.drain()
            await asyncio.sleep(0)

    return step


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Say nothing until the other side hangs up."""
    while await reader.read(65536):
        pass


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hang up with RST instead of FIN."""
    plug = writer.get_extra_info("socket")
    plug.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def tls(context: ssl.SSLContext) -> Step:
    """Be the server of a TLS handshake."""

    async def step(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writer.start_tls(context)

    return step


class Server:
    """What runs: its port, and how many connections it has seen."""

    def __init__(self, scripts: tuple[tuple[Step, ...], ...]) -> None:
        self.port = 0
        self.connections = 0
        self._scripts = scripts
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Follow the script of this connection; the last script serves all later ones."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        script = self._scripts[min(self.connections, len(self._scripts) - 1)]
        self.connections += 1
        try:
            for step in script:
                await step(reader, writer)
        except (OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self._tasks.discard(task)

    async def stop(self) -> None:
        """End every connection that is still open."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def scripted(
    *scripts: tuple[Step, ...], context: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """Serve scripts on 127.0.0.1, one a connection; with a context TLS comes first."""
    server = Server(scripts)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        await server.stop()
        await listener.wait_closed()
