"""Other ends of data, in front of servers that are taken in by them and servers that are not."""

import asyncio

import pytest

from mailconf.model.questions.delivery import SmugglingProbe
from mailconf.model.world import Inconclusive
from mailconf.net.smuggling import SEQUENCES
from tests.net.asking import HOST, SOON
from tests.net.visiting import asking, office, trip
from tests.servers.authority import TestAuthority
from tests.servers.post import Office, Say, opened


class Credulous(Office):
    """Ends a message wherever one of `ends` stands."""

    ends: tuple[bytes, ...] = (b"\r\n.\r\n",)
    answer = "250 2.0.0 queued"

    async def _data(self, reader: asyncio.StreamReader, say: Say) -> None:
        await say("354 go on")
        text = b""
        while not text.endswith(self.ends):
            text += await reader.readexactly(1)
        if self.answer.startswith("250"):
            self.messages.append(text.removesuffix(b".\r\n"))
        await say(self.answer)


async def ends(authority: TestAuthority, server: Credulous) -> tuple[str, ...]:
    async with opened(server, authority, HOST) as running:
        return await asking(authority).ask(SmugglingProbe(trip(running, "imaps")))


@pytest.mark.parametrize("name", SEQUENCES)
async def test_a_server_that_is_taken_in(name: str, authority: TestAuthority) -> None:
    server = Credulous()
    server.ends = (b"\r\n.\r\n", SEQUENCES[name])
    assert await ends(authority, server) == (name,)
    assert server.messages == []


async def test_a_server_that_knows_one_end(authority: TestAuthority) -> None:
    server = Credulous()
    assert await ends(authority, server) == ()
    assert server.messages == []


async def test_a_server_that_refuses_such_messages(authority: TestAuthority) -> None:
    server = Credulous()
    server.answer = "550 5.5.2 bare LF"
    assert await ends(authority, server) == ()


async def test_nobody_is_tried_who_takes_no_mail(authority: TestAuthority) -> None:
    class Full(Office):
        async def _data(self, _: asyncio.StreamReader, say: Say) -> None:
            await say("452 4.3.1 full")

    async with opened(Full(), authority, HOST) as running:
        with pytest.raises(Inconclusive, match="accepts no message: 452"):
            await asking(authority).ask(SmugglingProbe(trip(running, "imaps")))


async def test_nobody_is_tried_who_lets_nobody_in(authority: TestAuthority) -> None:
    class Closed(Office):
        def lets_in(self, _credentials: str) -> bool:
            return False

    async with opened(Closed(), authority, HOST) as running:
        with pytest.raises(Inconclusive, match=r"rejects the login of alice@example\.org: 535"):
            await asking(authority).ask(SmugglingProbe(trip(running, "imaps")))


async def test_whoever_reads_lines_up_to_lf_is_taken_in(authority: TestAuthority) -> None:
    async with office(authority) as running:
        assert await asking(authority).ask(SmugglingProbe(trip(running, "imaps"))) == (
            "LF . CR LF",
        )


async def test_what_is_taken_without_a_word_is_removed_all_the_same(
    authority: TestAuthority,
) -> None:
    async with opened(Office(mute=True), authority, HOST) as running:
        with pytest.raises(Inconclusive, match="did not answer"):
            await asking(authority, SOON).ask(SmugglingProbe(trip(running, "imaps")))
        assert running.messages == []
        assert any("SELECT" in line for line in running.commands)
