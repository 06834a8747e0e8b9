"""The World as it is: every question once, and politely."""

import asyncio

import pytest

from mailconf.model.questions.dns import DnsQuery
from mailconf.model.questions.pages import PageRequest
from mailconf.model.questions.ports import PortProbe
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.questions.tls import StarttlsInjection, TlsNegotiation
from mailconf.model.questions.transactions import SmtpTransactions
from mailconf.model.world import Inconclusive
from tests.net.asking import SOON, listener, world
from tests.servers.dns import answer, name_server
from tests.servers.scripted import hear, say, scripted
from tests.servers.scripted import silence as no_word

POLITE = (say("+OK\n"), hear("CAPA"), say("-ERR\n"), hear("USER"), say("-ERR\n"), no_word)


async def test_equal_questions_are_asked_once() -> None:
    async with scripted(POLITE) as server:
        asked = world(seconds=5)
        at = listener("pop3", server.port)
        sessions = await asyncio.gather(*(asked.ask(ServerSession(at)) for _ in range(5)))
        assert server.connections == 1
    assert all(session is sessions[0] for session in sessions)


async def test_a_failure_is_an_answer_too() -> None:
    async with scripted((no_word,)) as server:
        asked = world(seconds=SOON)
        for _ in range(2):
            with pytest.raises(Inconclusive):
                await asked.ask(ServerSession(listener("pop3", server.port)))
        assert server.connections == 1


async def test_one_cancelled_check_does_not_take_the_answer_from_another() -> None:
    async with name_server(answer("a.example. 60 IN A 192.0.2.1")) as server:
        asked = world(resolvers=(server,))
        first = asyncio.create_task(asked.ask(DnsQuery("a.example.", "A")))
        second = asyncio.create_task(asked.ask(DnsQuery("a.example.", "A")))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).values == ("192.0.2.1",)


async def test_a_host_without_an_address_cannot_be_told() -> None:
    async with name_server(answer()) as server:
        with pytest.raises(Inconclusive, match="has no address"):
            await world(resolvers=(server,)).ask(PageRequest("http://nowhere.example/"))


async def test_an_alias_of_a_connected_host_is_reached_there() -> None:
    alias = answer("www.example.org. 60 IN CNAME mail.example.org.")
    page = (hear("GET"), say("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"))
    async with name_server(alias) as resolver, scripted(page) as server:
        asked = world(resolvers=(resolver,), connect={"mail.example.org": "127.0.0.1"})
        found = await asked.ask(PageRequest(f"http://www.example.org:{server.port}/"))
    assert found.body == "hi"


async def test_one_place_is_asked_for_a_page_once() -> None:
    """By its name, at its address, and at another one that the operator leads to the same place."""
    page, served = (hear("GET"), say("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi")), list[str]()

    async def count(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        served.append("page")

    async with scripted((count, *page)) as server:
        asked = world(connect={"mail.example.org": "127.0.0.1"})
        url = f"http://mail.example.org:{server.port}/"
        found = [
            await asked.ask(PageRequest(url, at=at)) for at in ("", "192.0.2.25", "2001:db8::25")
        ]
    assert (len(set(found)), served) == (1, ["page"])


async def test_several_protocols_at_one_address_are_asked_apart() -> None:
    async with scripted((no_word,)) as server:
        asked = world(seconds=SOON)
        names = ("pop3", "imap", "smtp")
        many = [asked.ask(ServerSession(listener(name, server.port))) for name in names]
        found = await asyncio.gather(*many, return_exceptions=True)
    assert [type(one) for one in found] == [Inconclusive] * 3


async def linger(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    """Take most of the time that there is."""
    await asyncio.sleep(0.7 * SOON)


async def test_a_farewell_that_is_not_answered_costs_nothing_that_was_found() -> None:
    async with scripted((linger, *POLITE)) as server:
        session = await world(seconds=SOON).ask(ServerSession(listener("pop3", server.port)))
    assert session.greeting.status == "+OK"


async def test_only_public_addresses_are_connected_to_where_no_other_may_be() -> None:
    async with name_server(answer("www.example.org. 60 IN A 127.0.0.1")) as resolver:
        asked = world(resolvers=(resolver,), public_only=True)
        at = listener("pop3", 1)
        for ask in (
            asked.ask(ServerSession(at)),
            asked.ask(PortProbe(at)),
            asked.ask(StarttlsInjection(at)),
            asked.ask(TlsNegotiation(at, "RSA")),
            asked.ask(SmtpTransactions(at, ())),
            asked.ask(PageRequest("http://www.example.org:1/")),
            asked.ask(PageRequest("http://127.0.0.1:1/", at="127.0.0.1")),
        ):
            with pytest.raises(Inconclusive, match="which is not public"):
                await ask


async def test_where_the_operator_says_that_a_host_is_it_may_be_private() -> None:
    page = (hear("GET"), say("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"))
    async with scripted(page) as server:
        asked = world(connect={"mail.example.org": "127.0.0.1"}, public_only=True)
        found = await asked.ask(PageRequest(f"http://mail.example.org:{server.port}/"))
    assert found.body == "hi"
