"""Logins and mail that goes round, in front of servers that do it well or badly."""

import asyncio
import base64
from typing import Any

import pytest

from mailconf.model.questions.delivery import SendProbe
from mailconf.model.questions.logins import AuthenticatedSession
from mailconf.model.world import Inconclusive, NotApplicable
from mailconf.net.live import LiveWorld
from mailconf.net.replay import Recorder
from tests.net.asking import HOST, SOON, listener, world
from tests.net.visiting import ALICE, WRONG, asking, gone_round, office, trip
from tests.servers.authority import TestAuthority
from tests.servers.post import PASSWORD, USER, Office, opened
from tests.servers.scripted import Step, hear, say, scripted, tls


async def test_a_message_goes_round_and_is_removed(authority: TestAuthority) -> None:
    journey, running = await gone_round(authority, "imaps", "pop3s")
    assert journey.reply.status == "250"
    assert not journey.silences
    assert not journey.left
    by_imap, by_pop3 = journey.arrivals.values()
    assert by_imap.message == by_pop3.message
    assert f"Subject: mailconf probe {journey.token}\r\n" in by_imap.message
    assert (by_imap.id, by_pop3.id) == ("7 1", "id1")
    assert (by_imap.id_again, by_pop3.id_again) == (by_imap.id, by_pop3.id)
    assert running.messages == []


async def test_a_stranger_writes_without_a_login(authority: TestAuthority) -> None:
    async with office(authority) as running:
        journey = await asking(authority).ask(SendProbe(trip(running, "imaps", by="smtp")))
    (arrival,) = journey.arrivals.values()
    assert "From: mailconf probe <probe@mailconf-probe-foreign.example>\r\n" in arrival.message
    assert f"To: <{USER}>\r\n" in arrival.message
    assert "MAIL FROM:<>" in running.commands
    assert not any(line.startswith("AUTH") and "PLAIN" in line for line in running.commands[:4])
    assert running.messages == []


@pytest.mark.parametrize("reader", ["imaps", "pop3s"])
async def test_a_message_that_is_lost_is_not_there(reader: str, authority: TestAuthority) -> None:
    journey, _ = await gone_round(authority, reader, lost=True)
    assert journey.reply.is_positive
    assert (journey.arrivals, journey.silences) == ({}, {})
    assert journey.left == "it was not found"


async def test_mail_that_is_put_off_is_not_looked_for(authority: TestAuthority) -> None:
    journey, running = await gone_round(authority, "imaps", put_off=True)
    assert journey.reply.status == "451"
    assert not journey.arrivals
    assert not any("SELECT" in line for line in running.commands)


@pytest.mark.parametrize("by", ["submissions", "smtp"])
async def test_a_message_that_is_taken_without_a_word_is_removed_all_the_same(
    by: str, authority: TestAuthority
) -> None:
    async with office(authority, mute=True) as running:
        with pytest.raises(Inconclusive, match="did not answer"):
            await asking(authority, SOON).ask(SendProbe(trip(running, "imaps", by=by)))
        assert any("SELECT" in line for line in running.commands)
        assert running.messages == []


async def test_a_message_that_may_still_come_is_told(authority: TestAuthority) -> None:
    async with office(authority, mute=True, lost=True) as running:
        with pytest.raises(
            Inconclusive,
            match=r"message [0-9a-f]+ may still arrive and could not be removed: it was not found",
        ):
            await asking(authority, SOON).ask(SendProbe(trip(running, "imaps")))


@pytest.mark.parametrize("reader", ["imaps", "pop3s"])
async def test_a_message_that_cannot_be_removed_is_told(
    reader: str, authority: TestAuthority
) -> None:
    journey, running = await gone_round(authority, reader, removable=False)
    assert "not allowed" in journey.left
    assert len(running.messages) == 1


@pytest.mark.parametrize("reader", ["imaps", "pop3s"])
@pytest.mark.parametrize(
    ("wrong", "again"),
    [pytest.param("keeps", False, id="gone"), pytest.param("ids_stay", True, id="other id")],
)
async def test_what_was_read_is_looked_for_again(
    wrong: str, again: bool, reader: str, authority: TestAuthority
) -> None:
    journey, _ = await gone_round(authority, reader, **{wrong: False})
    (arrival,) = journey.arrivals.values()
    assert bool(arrival.id_again) is again
    assert arrival.id_again != arrival.id


async def test_a_message_is_found_again_behind_many_newer_ones(authority: TestAuthority) -> None:
    journey, _ = await gone_round(authority, "pop3s", others=40)
    (arrival,) = journey.arrivals.values()
    assert arrival.id_again == arrival.id != ""


async def test_a_reader_that_is_closed_takes_nothing_from_the_others(
    authority: TestAuthority,
) -> None:
    async with office(authority) as running:
        good = trip(running, "imaps", "pop3s")
        running.ports["pop3s"] = 1
        journey = await asking(authority).ask(SendProbe(trip(running, "pop3s", "imaps")))
    silent, there = str(listener("pop3s", 1)), str(good.readers[0])
    assert list(journey.silences) == [silent]
    assert list(journey.arrivals) == [there]
    assert running.messages == []


async def test_whoever_is_interrupted_leaves_nothing_behind(authority: TestAuthority) -> None:
    read = asyncio.Event()

    class Watched(Office):
        def _imap(self, rest: str, selected: str) -> list[str]:
            if "FETCH" in rest:
                read.set()
            return super()._imap(rest, selected)

    async with opened(Watched(), authority, HOST) as running:
        asked = asking(authority)
        going = asyncio.create_task(asked._network.logins.journey(trip(running, "imaps")))
        await read.wait()
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going
        assert running.messages == []


@pytest.mark.parametrize("name", ["submissions", "imaps", "pop3s"])
@pytest.mark.parametrize("any_password", [True, False])
async def test_a_wrong_password_is_nobodys(
    name: str, any_password: bool, authority: TestAuthority
) -> None:
    async with office(authority, any_password=any_password) as running:
        session = await asking(authority).ask(
            AuthenticatedSession(listener(name, running.ports[name]), WRONG)
        )
    assert session.probes["login"].is_positive is any_password


@pytest.mark.parametrize("name", ["submissions", "imaps", "pop3s"])
async def test_no_password_is_seen_in_a_recording(name: str, authority: TestAuthority) -> None:
    async with office(authority) as running:
        recorder = Recorder(asking(authority))
        at = listener(name, running.ports[name])
        await recorder.ask(AuthenticatedSession(at, ALICE))
        await recorder.ask(SendProbe(trip(running, "imaps", "pop3s")))
    secret = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    assert "<credentials>" in str(recorder)
    assert PASSWORD not in str(recorder)
    assert secret not in str(recorder)


async def test_a_password_of_odd_octets_is_sent_as_it_is(authority: TestAuthority) -> None:
    """What the environment holds need not be UTF-8."""
    async with office(authority) as running:
        world = LiveWorld(
            authorities=authority.file.read_text(),
            reveal=lambda _: b"s3cr\xe4t".decode("utf-8", "surrogateescape"),
        )
        told = await world.ask(
            AuthenticatedSession(listener("submissions", running.ports["submissions"]), ALICE)
        )
    assert told.probes["login"].status == "535"
    (line,) = (one for one in running.commands if one.startswith("AUTH"))
    assert base64.b64decode(line.split()[2]) == b"\0alice@example.org\0s3cr\xe4t"


async def test_without_a_way_to_passwords_nobody_logs_in() -> None:
    with pytest.raises(NotApplicable, match="--intrusive"):
        await world().ask(AuthenticatedSession(listener("imaps", 1), ALICE))


@pytest.mark.parametrize("name", ["submissions", "imaps", "pop3s"])
@pytest.mark.parametrize("certificate", ["of another name", "of another authority"])
async def test_no_password_goes_to_whom_is_not_trusted(
    certificate: str, name: str, authority: TestAuthority, tmp_path: Any
) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    is_ours = certificate == "of another name"
    shown = authority if is_ours else TestAuthority(stranger)
    async with opened(Office(), shown, "other.example" if is_ours else HOST) as running:
        with pytest.raises(Inconclusive, match="no password was sent"):
            await asking(authority).ask(
                AuthenticatedSession(listener(name, running.ports[name]), ALICE)
            )
        assert running.commands == []


IN_CLEAR: dict[str, tuple[Step, ...]] = {
    "submission": (say("220 hi\n"), hear("EHLO"), say("250 ok\n"), hear("STARTTLS")),
    "imap": (say("* OK hi\n"), hear("a1 STARTTLS")),
    "pop3": (say("+OK hi\n"), hear("STLS")),
    "managesieve": (say('OK "hi"\n'), hear("STARTTLS")),
}
AGREED = {
    "submission": "220 go\n",
    "imap": "a1 OK go\n",
    "pop3": "+OK go\n",
    "managesieve": "OK\n",
}
REFUSED = {
    "submission": "454 no\n",
    "imap": "a1 NO no\n",
    "pop3": "-ERR no\n",
    "managesieve": "NO\n",
}


@pytest.mark.parametrize("name", IN_CLEAR)
async def test_no_password_goes_where_tls_does_not_start(
    name: str, authority: TestAuthority
) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def rest(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        heard.put_nowait(await reader.read())

    async with scripted((*IN_CLEAR[name], say(REFUSED[name]), rest)) as server:
        with pytest.raises(Inconclusive, match="rejects STARTTLS"):
            await asking(authority).ask(AuthenticatedSession(listener(name, server.port), ALICE))
        assert await heard.get() == b""


@pytest.mark.parametrize("name", IN_CLEAR)
async def test_no_password_goes_where_something_was_slipped_in(
    name: str, authority: TestAuthority
) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def rest(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        heard.put_nowait(await reader.read())

    slipped = say(AGREED[name] + "250 slipped in\n")
    script = (*IN_CLEAR[name], slipped, tls(authority.server(HOST)), rest)
    async with scripted(script) as server:
        with pytest.raises(Inconclusive, match="sent plaintext before the TLS handshake"):
            await asking(authority).ask(AuthenticatedSession(listener(name, server.port), ALICE))
        assert await heard.get() == b""
