"""IMAP sessions: the facts they show, honest servers and others."""

import asyncio
import imaplib

import pytest

from mailconf.model.questions.sessions import Reply, ServerSession
from mailconf.model.world import Inconclusive
from tests.net.asking import HOST, SOON, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import hear, say, scripted, silence, tls

CLEAR = "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\n"
FULL = "* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN AUTH=LOGIN\n"
NO_LOGIN = (hear("a2 LOGIN"), say("a2 NO [PRIVACYREQUIRED] not in clear\n"))
BYE = (hear("a0 LOGOUT"), say("* BYE\na0 OK\n"))


async def test_a_polite_server(authority: TestAuthority) -> None:
    script = (
        *(say("* OK ready\n"), hear("a1 CAPABILITY"), say(f"{CLEAR}a1 OK done\n"), *NO_LOGIN),
        *(hear("a3 STARTTLS"), say("a3 OK go\n"), tls(authority.server(HOST))),
        *(hear("a4 CAPABILITY"), say(f"{FULL}a4 OK done\n"), *BYE),
    )
    async with scripted(script) as server:
        session = await world(authority.file).ask(ServerSession(listener("imap", server.port)))
    assert session.greeting == Reply("OK", ("ready",))
    assert session.before == {"IMAP4REV1": "", "STARTTLS": "", "LOGINDISABLED": ""}
    assert session.after == {"IMAP4REV1": "", "IDLE": "", "AUTH": "PLAIN LOGIN"}
    assert session.probes["login before TLS"].status == "NO"


async def test_imaplib_sees_the_same_capabilities(authority: TestAuthority) -> None:
    def ask(port: int) -> set[str]:
        with imaplib.IMAP4("127.0.0.1", port, 5) as client:
            return set(client.capabilities)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := (await reader.readline()).decode():
            tag, command = line.split()[:2]
            body = FULL if command == "CAPABILITY" else ""
            writer.write(f"{body}{tag} OK done\n".replace("\n", "\r\n").encode())

    async with scripted((say("* OK ready\n"), answer), context=None) as server:
        theirs = await asyncio.to_thread(ask, server.port)
    script = (say("* OK ready\n"), hear("a1 CAPABILITY"), say(f"{FULL}a1 OK done\n"), *BYE)
    async with scripted(script, context=authority.server(HOST)) as server:
        session = await world(authority.file).ask(ServerSession(listener("imaps", server.port)))
    ours = {key for key in session.after if key != "AUTH"}
    ours |= {f"AUTH={mechanism}" for mechanism in session.after["AUTH"].split()}
    assert ours == theirs


async def test_preauth_is_a_fact() -> None:
    bare = (hear("a1 CAPABILITY"), say("* CAPABILITY IMAP4rev1\na1 OK done\n"), *NO_LOGIN, *BYE)
    async with scripted((say("* PREAUTH welcome\n"), *bare)) as server:
        session = await world().ask(ServerSession(listener("imap", server.port)))
    assert session.greeting.status == "PREAUTH"
    assert not session.greeting.is_positive


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("* BYE too many connections\n", "refuses the session", id="bye"),
        pytest.param("220 mail.example.org ESMTP\n", "which is not IMAP", id="smtp on the port"),
        pytest.param(
            "* OK hi\n* BYE shutting down\n", "closed the session", id="bye after the greeting"
        ),
        pytest.param("* OK hi\nb7 OK done\n", "did not answer", id="somebody else's tag"),
        pytest.param("* OK hi\n" + "* X\n" * 600, "more than 512 lines", id="untagged without end"),
        pytest.param(
            "* OK\n* CAPABILITY" + " X" * 10_000 + "\n", "a line of more", id="10,000 atoms"
        ),
    ],
)
async def test_what_cannot_be_told(said: str, told: str) -> None:
    async with scripted((say(said), silence)) as server:
        with pytest.raises(Inconclusive, match=told):
            await world(seconds=SOON).ask(ServerSession(listener("imap", server.port)))
