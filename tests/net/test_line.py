"""The core under all line protocols: whatever the other side does, it ends, and in time."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailconf.model.questions.sessions import ServerSession
from mailconf.model.world import Inconclusive
from mailconf.net.dial import Place, dialled
from mailconf.net.line import HIDDEN
from tests.net.asking import SOON, listener, world
from tests.servers.scripted import Step, drip, endless, hear, reset, say, scripted, silence

FAULTS = [
    pytest.param((silence,), "did not answer within", id="nothing is ever said"),
    pytest.param((endless(b"220-more\r\n"),), "more than 512 lines", id="greeting without end"),
    pytest.param((endless(b"x"),), "a line of more than 8192 octets", id="line without end"),
    pytest.param((say(b"220 " + b"x" * 2**20 + b"\r\n"),), "a line of more than", id="1 MB line"),
    pytest.param((say(b"220 hello\r"), silence), "did not answer within", id="CR is no line end"),
    pytest.param((say(b"220 he"),), "closed the connection after '220 he'", id="cut in a line"),
    pytest.param((), "closed the connection", id="closed at once"),
    pytest.param((reset,), r"reset|closed|broke|cannot be reached", id="reset at once"),
    pytest.param((say("220 hi\n"), reset), r"reset|closed|broke", id="reset after the greeting"),
    pytest.param((say("SSH-2.0-OpenSSH_9.2\n"),), "which is not SMTP", id="another protocol"),
    pytest.param((say(b"\x00\xff\xfe\r\n"),), "which is not SMTP", id="NUL and 8-bit octets"),
    pytest.param((say("421 too many connections\n"),), "421 too many", id="421 greeting"),
    pytest.param((say("554 no service\n"),), "554 no service", id="554 greeting"),
    pytest.param((say("220 hi\n"), hear("EHLO"), say("550 no\n")), "refuses EHLO", id="no EHLO"),
]


@pytest.mark.parametrize(("script", "told"), FAULTS)
async def test_a_faulty_server_cannot_be_told_about(script: tuple[Step, ...], told: str) -> None:
    async with scripted(script) as server:
        with pytest.raises(Inconclusive, match=told):
            await world(seconds=SOON).ask(ServerSession(listener("smtp", server.port)))


async def test_one_octet_at_a_time_is_still_a_greeting() -> None:
    ehlo = b"250 mail.example.org\r\n"
    script = (drip(b"220-one\r\n220 two\r\n"), hear("EHLO"), drip(ehlo), silence)
    async with (
        scripted(script) as server,
        dialled(
            listener("smtp", server.port), Place("127.0.0.1", server.port), None, 5.0
        ) as connection,
    ):
        assert [await connection.line() for _ in range(2)] == ["220-one", "220 two"]


async def test_credentials_stay_out_of_the_transcript() -> None:
    async with (
        scripted((hear("LOGIN"), say("ok\n"), silence)) as server,
        dialled(
            listener("imap", server.port), Place("127.0.0.1", server.port), None, 5.0
        ) as connection,
    ):
        await connection.send("LOGIN me secret", shown=f"LOGIN {HIDDEN}")
        await connection.line()
    assert connection.transcript == [("C", f"LOGIN {HIDDEN}"), ("S", "ok")]


@given(
    octets=st.binary(max_size=300), name=st.sampled_from(["smtp", "imap", "pop3", "managesieve"])
)
@settings(max_examples=60, deadline=None)
async def test_random_octets_raise_nothing_but_cannot_tell(octets: bytes, name: str) -> None:
    async with scripted((say(octets),)) as server:
        try:
            await world(seconds=SOON).ask(ServerSession(listener(name, server.port)))
        except Inconclusive:
            pass
        else:
            pytest.fail("that was no session")


async def pause(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    """Keep the other side waiting, as postscreen does."""
    await asyncio.sleep(0.3)


async def test_how_long_the_greeting_took_is_known() -> None:
    async with (
        scripted((pause, say("220 hi\n"), hear("QUIT"), pause, say("221 bye\n"))) as server,
        dialled(
            listener("smtp", server.port), Place("127.0.0.1", server.port), None, 5.0
        ) as connection,
    ):
        await connection.line()
        first = connection.waited
        await connection.send("QUIT")
        await connection.line()
    assert 0.2 <= first == connection.waited
