"""Octets as they come, in clear and inside TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mailconf.net import pipe as pipes
from mailconf.net.pipe import Pipe
from mailconf.net.stream import MOST_UNREAD
from tests.net.asking import HOST
from tests.servers.authority import TestAuthority
from tests.servers.scripted import Step, drip, hear, reset, say, scripted, tls


@asynccontextmanager
async def piped(*script: Step) -> AsyncIterator[Pipe]:
    async with scripted(script) as server:
        pipe = await pipes.piped("127.0.0.1", server.port, "")
        try:
            yield pipe
        finally:
            pipe.close()


async def everything(pipe: Pipe) -> bytes:
    found = b""
    while octets := await pipe.receive():
        found += octets
    return found


def trusting(authority: TestAuthority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.file))


async def test_what_is_said_before_the_end_is_read() -> None:
    async with piped(say("one\ntwo\n")) as pipe:
        assert await everything(pipe) == b"one\r\ntwo\r\n"
        assert await pipe.receive() == b""


async def test_both_sides_talk_inside_tls(authority: TestAuthority) -> None:
    steps = (tls(authority.server(HOST)), drip(b"220 hi\r\n"), hear("EHLO"), say("250 ok\n"))
    async with piped(*steps) as pipe:
        await pipe.start_tls(trusting(authority), HOST)
        greeting = b""
        while not greeting.endswith(b"\n"):
            greeting += await pipe.receive()
        pipe.send(b"EHLO a.example\r\n")
        assert (greeting, await everything(pipe)) == (b"220 hi\r\n", b"250 ok\r\n")


async def test_many_records_that_come_at_once_are_all_read(authority: TestAuthority) -> None:
    text = b"x" * 3 * MOST_UNREAD
    async with piped(tls(authority.server(HOST)), say(text)) as pipe:
        await pipe.start_tls(trusting(authority), HOST)
        assert await everything(pipe) == text


async def test_a_certificate_that_is_not_trusted(authority: TestAuthority) -> None:
    async with piped(tls(authority.server(HOST))) as pipe:
        with pytest.raises(ssl.SSLCertVerificationError):
            await pipe.start_tls(ssl.create_default_context(), HOST)
        assert pipe.tls is None


async def test_who_hangs_up_in_the_handshake() -> None:
    async with piped(hear("")) as pipe:
        with pytest.raises(OSError, match=r"EOF|reset"):
            await pipe.start_tls(ssl.create_default_context(), HOST)


async def test_a_reset_is_an_error_and_no_end() -> None:
    async with piped(say("some"), hear("QUIT"), reset) as pipe:
        assert await pipe.receive() == b"some"
        pipe.send(b"QUIT\r\n")
        with pytest.raises(ConnectionResetError):
            await pipe.receive()


async def test_the_farewell_is_said_inside_tls_and_heard(authority: TestAuthority) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def rest(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        heard.put_nowait(await reader.read())

    async with piped(tls(authority.server(HOST)), say("bye\n"), rest) as pipe:
        await pipe.start_tls(trusting(authority), HOST)
        await pipe.receive()
        await asyncio.wait_for(pipe.end(), 5)
        assert await heard.get() == b""
