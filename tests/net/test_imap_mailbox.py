"""What an IMAP mailbox shows, and one message in it."""

import pytest

from mailconf.model.questions.delivery import SendProbe
from mailconf.model.questions.logins import AuthenticatedSession
from tests.net.asking import HOST, listener
from tests.net.visiting import ALICE, asking, gone_round, office, trip
from tests.servers.authority import TestAuthority
from tests.servers.scripted import Step, endless, hear, say, scripted


async def test_spam_is_found_where_it_is_filed(authority: TestAuthority) -> None:
    journey, running = await gone_round(authority, "imaps", folder="Junk")
    (arrival,) = journey.arrivals.values()
    assert arrival.folder == '"Junk"'
    assert running.messages == []


async def test_without_uidplus_nothing_is_expunged(authority: TestAuthority) -> None:
    bare = "IMAP4rev1 SPECIAL-USE"
    journey, running = await gone_round(authority, "imaps", after_login=bare)
    assert not journey.left
    assert any("+FLAGS.SILENT (\\Deleted)" in line for line in running.commands)
    assert not any("EXPUNGE" in line for line in running.commands)


async def test_a_login_shows_what_is_inside(authority: TestAuthority) -> None:
    async with office(authority) as running:
        session = await asking(authority).ask(
            AuthenticatedSession(listener("imaps", running.ports["imaps"]), ALICE)
        )
    assert {"IDLE", "UIDPLUS"} <= session.after.keys()
    assert all(reply.is_positive for reply in session.probes.values())
    assert list(session.probes) == ["login", "namespace", "special-use", "inbox", "idle"]


INSIDE = (
    *(say("* OK hi\n"), hear("a1 AUTHENTICATE"), say("+ \n"), hear(""), say("a1 OK in\n")),
    *(hear("a3 CAPABILITY"), say("* CAPABILITY IMAP4rev1\na3 OK\n")),
    *(hear("a4 SELECT"), say("a4 OK\n"), hear("a5 UID SEARCH"), say("* SEARCH 1\na5 OK\n")),
    hear("a6 UID FETCH"),
)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(
            say("* 1 FETCH (BODY[] {999999999}\n"), "announced 999999999", id="a huge one"
        ),
        pytest.param(endless(b"* OK go on\r\n"), "more than 512 lines", id="no end"),
        pytest.param(say("* 1 FETCH (BODY[] {50}\nhalf"), "closed the connection", id="half of it"),
    ],
)
async def test_a_message_that_cannot_be_read_is_silence(
    answer: Step, told: str, authority: TestAuthority
) -> None:
    async with (
        office(authority) as running,
        scripted((*INSIDE, answer), context=authority.server(HOST)) as server,
    ):
        running.ports["imaps"] = server.port
        journey = await asking(authority).ask(SendProbe(trip(running, "imaps")))
    assert told in "".join(journey.silences.values())
    assert journey.left
