"""Recordings: whatever a world has said, it says again."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailconf.model.question import Question
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.questions.ports import PortProbe
from mailconf.model.questions.sessions import Reply, ServerSession, Session, TlsFacts
from mailconf.model.questions.tls import NegotiatedTls, StarttlsInjection, TlsNegotiation
from mailconf.model.questions.transactions import Envelope, SmtpTransactions
from mailconf.model.world import (
    ConnectionRejected,
    DnssecBogus,
    Inconclusive,
    NotApplicable,
    ServerFailure,
)
from mailconf.net.replay import SCHEMA, Recorder, RecordingError, Replay
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


def saying(kind: type[Question[Any]], answer: object) -> FakeWorld:
    """Return a world with one answer to everything of a kind."""
    return FakeWorld(said={kind: lambda _: answer})


@given(SESSIONS)
async def test_sessions_come_back(session: Session) -> None:
    recorder = Recorder(saying(ServerSession, session))
    await recorder.ask(ServerSession(AT))
    assert await replayed(recorder).ask(ServerSession(AT)) == session


@given(ANSWERS)
async def test_answers_come_back(answer: Answer) -> None:
    recorder = Recorder(saying(DnsQuery, answer))
    await recorder.ask(DnsQuery("a.", "A"))
    assert await replayed(recorder).ask(DnsQuery("a.", "A")) == answer


@settings(deadline=None)  # the first answer of a kind builds its reader
@given(st.dictionaries(ENVELOPES, REPLIES, max_size=3))
async def test_replies_to_envelopes_come_back(replies: dict[Envelope, Reply]) -> None:
    recorder = Recorder(saying(SmtpTransactions, replies))
    asked = tuple(replies)
    await recorder.ask(SmtpTransactions(AT, asked))
    assert await replayed(recorder).ask(SmtpTransactions(AT, asked)) == replies


async def test_what_each_server_said_comes_back() -> None:
    told = {"ns1.": Answer(("x",)), "ns2.": Inconclusive("silent")}
    recorder = Recorder(saying(AuthoritativeQuery, told))
    await recorder.ask(AuthoritativeQuery("a.", "A"))
    found = await replayed(recorder).ask(AuthoritativeQuery("a.", "A"))
    assert found["ns1."] == Answer(("x",))
    assert str(found["ns2."]) == "silent"


async def test_everything_else_comes_back() -> None:
    world = FakeWorld(
        pages={"https://a/": Page(200, "text/plain", "x")},
        injectable={str(AT): "250 ok"},
        agreements={(str(AT), "old TLS"): NegotiatedTls("TLSv1.1", "x", "ab")},
        opened=frozenset({str(AT)}),
    )
    recorder = Recorder(world)
    recorder.seconds["a check"] = 1.5
    live = [
        await recorder.ask(PageRequest("https://a/")),
        await recorder.ask(StarttlsInjection(AT)),
        await recorder.ask(TlsNegotiation(AT, "old TLS")),
        await recorder.ask(PortProbe(AT)),
    ]
    replay = replayed(recorder)
    assert live == [
        await replay.ask(PageRequest("https://a/")),
        await replay.ask(StarttlsInjection(AT)),
        await replay.ask(TlsNegotiation(AT, "old TLS")),
        await replay.ask(PortProbe(AT)),
    ]
    assert (replay.now, replay.seconds) == (world.now, {"a check": 1.5})


@pytest.mark.parametrize(
    "fault", [DnssecBogus, ServerFailure, Inconclusive, ConnectionRejected, NotApplicable]
)
async def test_failures_come_back(fault: type[Exception]) -> None:
    def fails(_: object) -> str:
        raise fault("because")

    recorder = Recorder(FakeWorld(said={StarttlsInjection: fails}))
    with pytest.raises(fault, match="because"):
        await recorder.ask(StarttlsInjection(AT))
    with pytest.raises(fault, match="because"):
        await replayed(recorder).ask(StarttlsInjection(AT))


async def test_what_was_not_asked_then_cannot_be_told_now() -> None:
    with pytest.raises(Inconclusive, match=r"holds no answer to 'dns a\. MX'"):
        await replayed(Recorder(FakeWorld())).ask(DnsQuery("a.", "MX"))


def test_a_recording_of_another_form_is_refused_with_a_sentence() -> None:
    text = json.dumps(
        {"schema": "mailconf.recording/1", "now": "x", "questions": {}, "seconds": {}}
    )
    with pytest.raises(RecordingError, match=r"another version of mailconf .*record it again"):
        Replay.parse(text)


async def test_a_damaged_answer_cannot_be_told() -> None:
    text = json.dumps(
        {
            "schema": SCHEMA,
            "now": "2026-11-27T00:00:00+00:00",
            "questions": {"dns a. A": {"answer": {"values": 7}}},
            "seconds": {},
        }
    )
    with pytest.raises(Inconclusive, match=r"the recording is damaged at 'dns a\. A'"):
        await Replay.parse(text).ask(DnsQuery("a.", "A"))


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
