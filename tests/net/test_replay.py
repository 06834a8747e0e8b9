"""Recordings: whatever a world has said, it says again."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.model.endpoint import Listener
from mailconf.model.world import (
    Agreement,
    Answer,
    Bogus,
    CannotTell,
    Envelope,
    NotAsked,
    Page,
    Refused,
    Reply,
    ServerFailure,
    Session,
    TlsFacts,
)
from mailconf.net.replay import Recorder, RecordingError, Replay
from mailconf.testing import FakeWorld
from tests.net.asking import listener

AT = listener("smtp", 25)
TEXT = st.text(max_size=30)
REPLIES = st.builds(Reply, TEXT, st.lists(TEXT, max_size=3).map(tuple))
MOMENTS = st.datetimes(timezones=st.just(UTC))
FACTS = st.builds(
    TlsFacts, TEXT, TEXT, st.lists(TEXT, max_size=3).map(tuple), TEXT, MOMENTS, MOMENTS, TEXT
)
KEYWORDS = st.dictionaries(TEXT, TEXT, max_size=3)
SESSIONS = st.builds(
    Session,
    greeting=REPLIES,
    before=KEYWORDS,
    upgrade=st.none() | REPLIES,
    tls=st.none() | FACTS,
    after=KEYWORDS,
    ehlo_name=TEXT,
    probes=st.dictionaries(TEXT, REPLIES, max_size=3),
    transcript=st.lists(TEXT, max_size=3).map(tuple),
)
ANSWERS = st.builds(
    Answer,
    st.lists(TEXT, max_size=3).map(tuple),
    TEXT,
    st.booleans(),
    st.booleans(),
    st.integers(0),
)
ENVELOPES = st.builds(Envelope, TEXT, TEXT)


def replayed(recorder: Recorder) -> Replay:
    """Return what another process reads."""
    return Replay.parse(str(recorder))


class Fixed(FakeWorld):
    """A world with one answer to everything of a kind."""

    said: Any = None

    async def session(self, listener: Listener) -> Session:
        return self.sessions[""]

    async def transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        return dict(self.replies)


@given(SESSIONS)
async def test_sessions_come_back(session: Session) -> None:
    recorder = Recorder(Fixed(sessions={"": session}))
    await recorder.session(AT)
    assert await replayed(recorder).session(AT) == session


@given(ANSWERS)
async def test_answers_come_back(answer: Answer) -> None:
    class World(FakeWorld):
        async def dns(self, name: str, rtype: str) -> Answer:
            return answer

    recorder = Recorder(World())
    await recorder.dns("a.", "A")
    assert await replayed(recorder).dns("a.", "A") == answer


@given(st.dictionaries(ENVELOPES, REPLIES, max_size=3))
async def test_replies_to_envelopes_come_back(replies: dict[Envelope, Reply]) -> None:
    recorder = Recorder(Fixed(replies=replies))
    asked = tuple(replies)
    await recorder.transactions(AT, asked)
    assert await replayed(recorder).transactions(AT, asked) == replies


async def test_what_each_server_said_comes_back() -> None:
    class World(FakeWorld):
        async def answers(self, name: str, rtype: str) -> dict[str, Answer | CannotTell]:
            return {"ns1.": Answer(("x",)), "ns2.": CannotTell("silent")}

    recorder = Recorder(World())
    await recorder.answers("a.", "A")
    found = await replayed(recorder).answers("a.", "A")
    assert found["ns1."] == Answer(("x",))
    assert str(found["ns2."]) == "silent"


async def test_everything_else_comes_back() -> None:
    world = FakeWorld(
        pages={"https://a/": Page(200, "text/plain", "x")},
        injectable={str(AT): "250 ok"},
        agreements={(str(AT), "old TLS"): Agreement("TLSv1.1", "x", "ab")},
        opened=frozenset({str(AT)}),
    )
    recorder = Recorder(world)
    recorder.seconds["a check"] = 1.5
    live = [
        await recorder.page("https://a/"),
        await recorder.injected(AT),
        await recorder.agreed(AT, "old TLS"),
        await recorder.knock(AT),
    ]
    replay = replayed(recorder)
    assert live == [
        await replay.page("https://a/"),
        await replay.injected(AT),
        await replay.agreed(AT, "old TLS"),
        await replay.knock(AT),
    ]
    assert (replay.now, replay.seconds) == (world.now, {"a check": 1.5})


@pytest.mark.parametrize("fault", [Bogus, ServerFailure, CannotTell, Refused, NotAsked])
async def test_failures_come_back(fault: type[Exception]) -> None:
    class World(FakeWorld):
        async def injected(self, listener: Listener) -> str:
            raise fault("because")

    recorder = Recorder(World())
    with pytest.raises(fault, match="because"):
        await recorder.injected(AT)
    with pytest.raises(fault, match="because"):
        await replayed(recorder).injected(AT)


async def test_what_was_not_asked_then_cannot_be_told_now() -> None:
    with pytest.raises(CannotTell, match=r"holds no answer to 'dns a\. MX'"):
        await replayed(Recorder(FakeWorld())).dns("a.", "MX")


async def test_a_damaged_answer_cannot_be_told() -> None:
    text = json.dumps(
        {
            "schema": "mailconf.recording/1",
            "now": "2026-11-27T00:00:00+00:00",
            "questions": {"dns a. A": {"answer": {"values": 7}}},
            "seconds": {},
        }
    )
    with pytest.raises(CannotTell, match=r"the recording is damaged at 'dns a\. A'"):
        await Replay.parse(text).dns("a.", "A")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no JSON", id="no JSON"),
        pytest.param("[]", id="no object"),
        pytest.param('{"schema": "mailconf.recording/2"}', id="another version"),
        pytest.param('{"schema": "mailconf.recording/1", "now": "x"}', id="no time"),
        pytest.param(
            '{"schema": "mailconf.recording/1", "now": "2026-11-27", "questions": 1, "seconds": {}}',
            id="no questions",
        ),
    ],
)
def test_what_is_no_recording(text: str) -> None:
    with pytest.raises(RecordingError):
        Replay.parse(text)


def test_the_time_of_the_recording_has_its_zone() -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert replayed(Recorder(FakeWorld(now=now))).now == now
