"""Servers that repeat what was sent as a secret, and what is shown of their words."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from mailconf.model.questions.delivery import SendProbe
from mailconf.model.questions.logins import AuthenticatedSession
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.world import Inconclusive
from mailconf.net.echo import Echo
from mailconf.net.replay import Recorder
from tests.net.asking import HOST, listener
from tests.net.visiting import ALICE, WRONG, asking, trip
from tests.servers.authority import TestAuthority
from tests.servers.post import CREDENTIALS, PASSWORD, USER, Office, opened

ECHO = Echo(CREDENTIALS, (USER, HOST))
PIECES = ("corr", "orre", "rect", "hors", "Y29y", "cmVj", "jdCB", "b3Jz", "CORR")


def wrapped(text: str, width: int) -> tuple[str, ...]:
    return tuple(text[i : i + width] for i in range(0, len(text), width))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((f"no: AUTH PLAIN {CREDENTIALS}",), id="the line"),
        pytest.param((f"no: {CREDENTIALS.lower()}",), id="in small letters"),
        pytest.param((f"no: {CREDENTIALS[-9:-3]}",), id="cut"),
        pytest.param((f"no: {PASSWORD}",), id="in plain"),
        pytest.param((f"no: {PASSWORD.upper()[:5]}",), id="cut and in capitals"),
        pytest.param(wrapped(CREDENTIALS, 20), id="wrapped"),
        pytest.param(wrapped(CREDENTIALS, 1), id="a character a line"),
        pytest.param((base64.b64encode(PASSWORD.encode()).decode(),), id="as LOGIN sends it"),
        pytest.param((f"no: {PASSWORD.encode().hex()}",), id="hexadecimal"),
        pytest.param(("no: correct%20horse",), id="URL"),
    ],
)
def test_words_of_a_reply_that_repeats_are_not_shown(lines: tuple[str, ...]) -> None:
    reply = ECHO.reply(Reply("535", lines))
    assert reply.status == "535"
    assert set(reply.lines) <= {"[secret]", "no [secret]"}


@pytest.mark.parametrize(
    "text",
    [
        "5.7.8 Error: authentication failed",
        f"no such user {USER} at {HOST}",
        f"AUTH PLAIN {CREDENTIALS[:16]}",
    ],
)
def test_words_of_others_are_shown(text: str) -> None:
    """The name that credentials begin with is public."""
    assert ECHO.reply(Reply("535", (text,))).lines == (text,)


def test_of_a_short_password_the_word_is_not_shown() -> None:
    echo = Echo(base64.b64encode(b"\0alice\0abc").decode())
    assert echo.reply(Reply("535", ("not <abc>",))).lines == ("[secret]",)
    assert echo.reply(Reply("535", ("no abcd",))).lines == ("no abcd",)


def test_half_of_a_password_is_hidden_wherever_it_stands() -> None:
    session = Session(
        Reply("220", ("mail horse",)),
        after={"X-CORRECT HOR": "orse"},
        probes={"other": Reply("250", ("you said correct", " horse"))},
        transcript=(
            "C: AUTH PLAIN <credentials>",
            f"S: 535 5.7.8 no {PASSWORD}",
            "C: QUIT",
            "S: 221 correct ho",
        ),
    )
    shown = ECHO.session(session)
    assert shown.greeting == session.greeting
    assert shown.after == {"X-[secret]": "orse"}
    assert shown.probes["other"].lines == ("you said [secret]", "")
    assert shown.transcript[1:] == ("S: 535 5.7.8 [secret]", "C: QUIT", "S: 221 [secret]")


def test_what_a_fault_quotes_may_be_the_reply() -> None:
    fault = f"imaps://{HOST} said 'x: rect hor', which is not IMAP"
    assert ECHO.fault(fault) == f"imaps://{HOST} said '[secret]', which is not IMAP"


class Parrot(Office):
    """Repeats the credentials in the way that is asked of it."""

    def __init__(self, repeat: Callable[[str], str], **wrong: Any) -> None:
        super().__init__(**wrong)
        self.repeat = repeat
        self.heard = ""

    @property
    def refusal(self) -> str:
        return self.heard

    def lets_in(self, credentials: str) -> bool:
        self.heard = self.repeat(credentials)
        return super().lets_in(credentials)


def saying_it_back(office: Parrot) -> None:
    """Put what was heard into each later answer."""
    folder = office._imap

    def answers(rest: str, selected: str) -> list[str]:
        return [f"* OK {office.heard}", *folder(rest, selected)]

    office._imap = answers  # type: ignore[method-assign]


@pytest.mark.parametrize("account", [ALICE, WRONG])
async def test_a_parrot_is_not_quoted(account: Any, authority: TestAuthority) -> None:
    parrot = Parrot(lambda credentials: f"you said {credentials}")
    saying_it_back(parrot)
    async with opened(parrot, authority, HOST) as running:
        recorder = Recorder(asking(authority))
        session = await recorder.ask(
            AuthenticatedSession(listener("imaps", running.ports["imaps"]), account)
        )
    token = next(line for line in [parrot.heard.removeprefix("you said ")])
    assert token not in f"{session}{recorder}"
    assert base64.b64decode(token).decode().rpartition("\0")[2] not in f"{session}{recorder}"


async def test_a_journey_past_a_parrot_shows_nothing(authority: TestAuthority) -> None:
    parrot = Parrot(lambda _: PASSWORD)
    saying_it_back(parrot)
    async with opened(parrot, authority, HOST) as running:
        try:
            journey = await asking(authority).ask(SendProbe(trip(running, "imaps")))
            told = str(journey)
        except Inconclusive as why:
            told = str(why)
    assert not [piece for piece in (PASSWORD, CREDENTIALS) if piece in told]
