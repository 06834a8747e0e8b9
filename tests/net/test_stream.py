"""Octets as they are, all of them and in order, and not more of them than anybody wants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mailconf.net.stream import MOST_UNREAD, MOST_UNSENT, Stream, connected
from tests.servers.scripted import Step, endless, hear, reset, say, scripted, silence


@asynccontextmanager
async def open_to(*script: Step) -> AsyncIterator[Stream]:
    async with scripted(script) as server:
        stream = await connected("127.0.0.1", server.port, "")
        try:
            yield stream
        finally:
            stream.close()


class Listening:
    """Reads to the end, when it is let."""

    def __init__(self) -> None:
        self.heard, self.let = bytearray(), asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await self.let.wait()
        writer.transport.resume_reading()  # type: ignore[attr-defined]
        while octets := await reader.read(65_536):
            self.heard += octets
        writer.write(b"that was all")
        await writer.drain()


async def test_all_is_sent_sooner_or_later_and_then_the_end() -> None:
    listening = Listening()
    text = b"".join(number.to_bytes(4) for number in range(MOST_UNSENT // 8))
    async with open_to(listening) as stream:
        for at in range(0, len(text), 50_000):
            stream.write(text[at : at + 50_000])
        stream.finish()
        listening.let.set()
        assert await stream.read() == b"that was all"
        assert await stream.read() == b""
    assert listening.heard == text


async def test_who_does_not_read_loses_the_connection() -> None:
    async with open_to(Listening()) as stream:
        with pytest.raises(ConnectionAbortedError):
            stream.write(bytes(64 * MOST_UNSENT))


async def test_who_talks_without_end_has_to_wait() -> None:
    async with open_to(endless(b"x")) as stream:
        await stream.read()
        while not stream.is_full:
            await asyncio.sleep(0)
        before = stream.unread
        assert MOST_UNREAD < before < 8 * MOST_UNREAD
        assert len(await stream.read()) == before
        assert await stream.read()


async def test_the_last_words_of_whoever_breaks_it_are_read() -> None:
    async with open_to(say("421 too many\n"), hear("EHLO"), reset) as stream:
        while not stream.unread:
            await asyncio.sleep(0)
        stream.write(b"EHLO a.example\r\n")
        assert await stream.read() == b"421 too many\r\n"
        with pytest.raises(ConnectionResetError):
            await stream.read()
        stream.write(b"QUIT\r\n")
        with pytest.raises(ConnectionResetError):
            await stream.read()


async def test_closed_twice_is_closed() -> None:
    async with open_to(silence) as stream:
        stream.close()
        stream.close()


async def test_a_closed_port_is_refused() -> None:
    async with scripted((silence,)) as server:
        port = server.port
    with pytest.raises(ConnectionRefusedError):
        await connected("127.0.0.1", port, "")


async def test_it_comes_from_where_it_is_told_to() -> None:
    seen: asyncio.Queue[str] = asyncio.Queue()

    async def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.put_nowait(writer.get_extra_info("peername")[0])

    async with scripted((look,)) as server:
        stream = await connected("127.0.0.1", server.port, "127.0.0.7")
        assert await seen.get() == "127.0.0.7"
        stream.close()
