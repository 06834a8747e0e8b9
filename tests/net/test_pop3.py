"""POP3 sessions: the facts they show, honest servers and others."""

import asyncio
import poplib

import pytest

from mailconf.model.questions.sessions import ServerSession
from mailconf.model.world import Inconclusive
from tests.net.asking import HOST, SOON, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import hear, say, scripted, silence, tls

CLEAR = "+OK\nCAPA\nSTLS\nUIDL\n.\n"
FULL = "+OK\nCAPA\nUIDL\nTOP\nSASL PLAIN LOGIN\n.\n"
NO_LOGIN = (hear("USER"), say("-ERR not in clear\n"))
BYE = (hear("QUIT"), say("+OK bye\n"))


async def test_a_polite_server(authority: TestAuthority) -> None:
    script = (
        *(say("+OK ready\n"), hear("CAPA"), say(CLEAR), *NO_LOGIN),
        *(hear("STLS"), say("+OK go\n"), tls(authority.server(HOST)), hear("CAPA"), say(FULL)),
        *BYE,
    )
    async with scripted(script) as server:
        session = await world(authority.file).ask(ServerSession(listener("pop3", server.port)))
    assert session.before == {"CAPA": "", "STLS": "", "UIDL": ""}
    assert session.after == {"CAPA": "", "UIDL": "", "TOP": "", "SASL": "PLAIN LOGIN"}
    assert session.probes["login before TLS"].status == "-ERR"


async def test_poplib_sees_the_same_capabilities(authority: TestAuthority) -> None:
    def ask(port: int) -> dict[str, str]:
        client = poplib.POP3("127.0.0.1", port, 5)
        try:
            return {key: " ".join(value) for key, value in client.capa().items()}
        finally:
            client.close()

    async with scripted((say("+OK ready\n"), hear("CAPA"), say(FULL), silence)) as server:
        theirs = await asyncio.to_thread(ask, server.port)
    script = (say("+OK ready\n"), hear("CAPA"), say(FULL), *BYE)
    async with scripted(script, context=authority.server(HOST)) as server:
        session = await world(authority.file).ask(ServerSession(listener("pop3s", server.port)))
    assert session.after == theirs


async def test_a_server_without_capa_has_nothing_to_show() -> None:
    script = (say("+OK\n"), hear("CAPA"), say("-ERR what?\n"), *NO_LOGIN, *BYE)
    async with scripted(script) as server:
        session = await world().ask(ServerSession(listener("pop3", server.port)))
    assert (session.before, session.tls) == ({}, None)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("-ERR try later\n", "refuses the session", id="refusal"),
        pytest.param("* OK IMAP\n", "which is not POP3", id="imap on the port"),
        pytest.param(
            "+OK\n+OK\n" + "".join(f"X{n}\n" for n in range(600)), "more than 512", id="long list"
        ),
        pytest.param("+OK\n+OK\nUIDL\n", "did not answer", id="list without end mark"),
    ],
)
async def test_what_cannot_be_told(said: str, told: str) -> None:
    async with scripted((say(said), silence)) as server:
        with pytest.raises(Inconclusive, match=told):
            await world(seconds=SOON).ask(ServerSession(listener("pop3", server.port)))
