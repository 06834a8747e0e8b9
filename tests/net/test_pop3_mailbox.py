"""What a POP3 mailbox shows, and one message in it."""

import pytest

from mailconf.model.questions.logins import AuthenticatedSession
from mailconf.model.world import Inconclusive
from tests.net.asking import HOST, listener
from tests.net.visiting import ALICE, asking, gone_round, office
from tests.servers.authority import TestAuthority
from tests.servers.scripted import endless, hear, say, scripted


async def test_other_messages_stay(authority: TestAuthority) -> None:
    other = [b"Subject: mine\r\n\r\nhello\r\n"]
    journey, running = await gone_round(authority, "pop3s", messages=list(other))
    assert not journey.left
    assert running.messages == other


async def test_a_pop3_login_shows_the_first_message(authority: TestAuthority) -> None:
    async with office(authority, messages=[b"Subject: mine\r\n\r\nhello\r\n"]) as running:
        session = await asking(authority).ask(
            AuthenticatedSession(listener("pop3s", running.ports["pop3s"]), ALICE)
        )
    assert list(session.probes) == ["login", "stat", "uidl", "top"]
    assert "mine" not in "".join(session.transcript)


async def test_a_list_without_end_is_silence(authority: TestAuthority) -> None:
    script = (
        *(say("+OK hi\n"), hear("AUTH"), say("+ \n"), hear(""), say("+OK in\n")),
        *(hear("CAPA"), say("+OK\n.\n"), hear("STAT"), say("+OK 1 1\n"), hear("UIDL")),
        *(say("+OK\n"), endless(b"1 abc\r\n")),
    )
    async with scripted(script, context=authority.server(HOST)) as server:
        with pytest.raises(Inconclusive, match="sent more than 4194304 octets"):
            await asking(authority).ask(AuthenticatedSession(listener("pop3s", server.port), ALICE))
