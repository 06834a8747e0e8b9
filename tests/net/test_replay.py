"""Recordings: whatever a world has said, it says again."""

import json
import re
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
    await recorder.ask(DnsQuery("a.", "TXT"))
    assert await replayed(recorder).ask(DnsQuery("a.", "TXT")) == answer


@settings(deadline=None)  # the first answer of a kind builds its reader
@given(st.dictionaries(ENVELOPES, REPLIES, max_size=3))
async def test_replies_to_envelopes_come_back(replies: dict[Envelope, Reply]) -> None:
    recorder = Recorder(saying(SmtpTransactions, replies))
    asked = tuple(replies)
    await recorder.ask(SmtpTransactions(AT, asked))
    assert await replayed(recorder).ask(SmtpTransactions(AT, asked)) == replies


async def test_what_each_server_said_comes_back() -> None:
    told = {"ns1.": Answer(("192.0.2.1",)), "ns2.": Inconclusive("silent")}
    recorder = Recorder(saying(AuthoritativeQuery, told))
    await recorder.ask(AuthoritativeQuery("a.", "A"))
    found = await replayed(recorder).ask(AuthoritativeQuery("a.", "A"))
    assert found["ns1."] == Answer(("192.0.2.1",))
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


def recording(**parts: object) -> str:
    whole = {"schema": SCHEMA, "now": "2026-11-27T00:00:00+00:00", "questions": {}, "seconds": {}}
    return json.dumps(whole | parts)


A, SERVERS = DnsQuery("a.", "A"), AuthoritativeQuery("a.", "MX")
FACTS_OF = {"version": "", "cipher": "", "names": [], "issuer": ""}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        pytest.param(A, {"values": 7}, id="number"),
        pytest.param(A, {"values": ["x"]}, id="no address"),
        pytest.param(DnsQuery("a.", "MX"), {"values": ["mail."]}, id="no preference"),
        pytest.param(DnsQuery("a.", "TLSA"), {"values": ["3 1"]}, id="half a TLSA record"),
        pytest.param(SERVERS, [["ns1.", {"values": ["mail."]}, ""]], id="of one server"),
        pytest.param(SERVERS, [["ns1."]], id="too short a row"),
        pytest.param(
            ServerSession(AT),
            {
                "greeting": {"status": "220"},
                "tls": FACTS_OF | {"not_before": "2026-01-01T00:00:00", "not_after": "2027-01-01"},
            },
            id="times of nowhere",
        ),
        pytest.param(
            SmtpTransactions(AT, ()), [[{"sender": [], "recipient": ""}, 1]], id="envelope"
        ),
    ],
)
async def test_a_damaged_answer_cannot_be_told(question: Question[Any], answer: object) -> None:
    text = recording(questions={question.key: {"answer": answer}})
    with pytest.raises(Inconclusive, match=r"the recording is damaged at '[a-z]+ "):
        await Replay.parse(text).ask(question)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("no JSON", "not a recording: expected a JSON document", id="no JSON"),
        pytest.param("[" * 100_000, "expected a JSON document", id="deep"),
        pytest.param("[]", "not a recording: expected the schema", id="no object"),
        pytest.param('{"schema": 5}', "not a recording: expected the schema", id="no schema"),
        pytest.param(recording(schema="mailconf.recording/1"), "another version", id="version"),
        pytest.param(recording(now="x"), "damaged at 'now'", id="no time"),
        pytest.param(recording().replace('"now"', '"then"'), "damaged at 'now'", id="no now"),
        pytest.param(recording(now=5), "damaged at 'now'", id="a number for a time"),
        pytest.param(recording(now="2026-11-27T00:00:00"), "damaged at 'now'", id="no offset"),
        pytest.param(recording(questions=[]), "damaged at 'questions'; expected a map", id="list"),
        pytest.param(
            recording(questions={"x": 5}), "damaged at 'x' of questions; expected", id="number"
        ),
        pytest.param(
            recording(questions={"x": {}}),
            "damaged at 'x' of questions; expected",
            id="empty entry",
        ),
        pytest.param(
            recording(questions={"x": {"refused": 5}}),
            "damaged at 'x' of questions; expected",
            id="fault",
        ),
        pytest.param(
            recording(questions={"x": {"maybe": "y"}}),
            "damaged at 'x' of questions; expected",
            id="unknown",
        ),
        pytest.param(recording(seconds=5), "damaged at 'seconds'; expected a map", id="seconds"),
        pytest.param(recording(seconds={"x": "1"}), "damaged at 'x' of seconds", id="text"),
        pytest.param(recording(seconds={"x": float("nan")}), "damaged at 'x' of seconds", id="NaN"),
        pytest.param(recording(seconds={"x": 10**400}), "damaged at 'x' of seconds", id="huge"),
    ],
)
def test_what_is_no_recording(text: str, told: str) -> None:
    with pytest.raises(RecordingError, match=re.escape(told)):
        Replay.parse(text)


def test_the_time_of_the_recording_has_its_zone() -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert replayed(Recorder(FakeWorld(now=now))).now == now
