"""The steps that IMAP and POP3 share."""

import pytest

from mailconf.model.questions.sessions import ServerSession
from tests.net.asking import HOST, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import Step, hear, say, scripted, tls

IMAP: tuple[Step, ...] = (
    *(say("* OK\n"), hear("a1"), say("* CAPABILITY IMAP4rev1 STARTTLS\na1 OK\n")),
    *(hear("a2"), say("a2 NO\n"), hear("a3 STARTTLS")),
)
POP3: tuple[Step, ...] = (
    *(say("+OK\n"), hear("CAPA"), say("+OK\nSTLS\n.\n")),
    *(hear("USER"), say("-ERR\n"), hear("STLS")),
)


@pytest.mark.parametrize(
    ("name", "script", "no"), [("imap", IMAP, "a3 NO later\n"), ("pop3", POP3, "-ERR later\n")]
)
async def test_an_upgrade_that_is_refused_is_a_fact(
    name: str, script: tuple[Step, ...], no: str
) -> None:
    async with scripted((*script, say(no))) as server:
        session = await world().ask(ServerSession(listener(name, server.port)))
    assert session.upgrade
    assert not session.upgrade.is_positive
    assert (session.tls, session.after) == (None, {})


@pytest.mark.parametrize(
    ("name", "script", "yes", "capabilities"),
    [
        ("imap", IMAP, "a3 OK go\n* OK evil\n", "* CAPABILITY X\na4 OK\n"),
        ("pop3", POP3, "+OK go\n+OK evil\n", "+OK\nX\n.\n"),
    ],
)
async def test_text_injected_before_tls_is_noticed_and_not_believed(
    authority: TestAuthority, name: str, script: tuple[Step, ...], yes: str, capabilities: str
) -> None:
    after = (say(yes), tls(authority.server(HOST)), hear(""), say(capabilities))
    async with scripted((*script, *after)) as server:
        session = await world(authority.file).ask(ServerSession(listener(name, server.port)))
    assert "evil" in session.probes["injection"].lines[0]
    assert "X" in session.after
