"""Evidence: what a check was told, when it has found something."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from mailconf.engine.evidence import MOST_LINES, MOST_SIGNS, EvidenceRecorder
from mailconf.engine.run import asking, attempt
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.place import Places
from mailconf.model.question import Question
from mailconf.model.questions.delivery import (
    Delivery,
    DeliveryReport,
    ProbeRoute,
    SendProbe,
    SmugglingProbe,
)
from mailconf.model.questions.dns import AuthoritativeQuery, DnsQuery
from mailconf.model.questions.logins import Account, AuthenticatedSession
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.questions.ports import PortProbe
from mailconf.model.questions.sessions import Reply, ServerSession, Session
from mailconf.model.questions.tls import NegotiatedTls, StarttlsInjection, TlsNegotiation
from mailconf.model.questions.transactions import Envelope, SmtpTransactions
from mailconf.model.world import ConnectionRejected, Inconclusive, World
from mailconf.testing import FakeWorld
from tests.net.asking import listener

AT = listener("imaps", 993)
ALICE = Account("alice@example.org", "ref+env://X")
TRIP = ProbeRoute(ALICE, AT, (AT,), 5)
RULE = Rule("T001", "t", Severity.ERROR, "m", "f")
SAID = Session(Reply("OK"), transcript=("S: * OK hi", "C: a1 LOGIN <credentials>"))


async def of(question: Question[Any], world: FakeWorld) -> tuple[str, ...]:
    """Return the evidence of one question."""
    witness = EvidenceRecorder(world)
    await witness.ask(question)
    return witness.lines()


async def test_records_are_told_one_by_one() -> None:
    world = FakeWorld({("a.example.", "MX"): ("10 b.example.", "20 c.example.")})
    assert await of(DnsQuery("a.example.", "MX"), world) == (
        "a.example. MX: 10 b.example.",
        "a.example. MX: 20 c.example.",
    )
    assert await of(DnsQuery("b.example.", "MX"), world) == ("b.example. MX: nothing",)
    assert await of(AuthoritativeQuery("b.example.", "MX"), world) == (
        "ns.example. b.example. MX: nothing",
    )


async def test_sessions_speak_for_themselves() -> None:
    world = FakeWorld(sessions={str(AT): SAID}, logins={(str(AT), str(ALICE)): SAID})
    assert await of(ServerSession(AT), world) == (f"{AT}:", *SAID.transcript)
    assert await of(AuthenticatedSession(AT, ALICE), world) == (
        f"{AT} as {ALICE}:",
        *SAID.transcript,
    )


async def test_everything_else_is_told_in_a_line() -> None:
    envelope = Envelope("", "b@example.org")
    world = FakeWorld(
        pages={"https://a.example/": Page(200, "text/plain", "one\ntwo")},
        replies={envelope: Reply("250", ("ok",))},
        agreements={(str(AT), "old TLS"): NegotiatedTls("TLSv1.1", "x")},
        smugglers={str(TRIP): ("LF . LF",)},
        opened=frozenset({str(AT)}),
    )
    assert await of(PageRequest("https://a.example/"), world) == (
        "https://a.example/: 200 text/plain",
        "one",
        "two",
    )
    assert await of(SmtpTransactions(AT, (envelope,)), world) == (
        f"{AT} <> to <b@example.org>: 250 ok",
    )
    assert await of(TlsNegotiation(AT, "old TLS"), world) == (f"{AT} to old TLS: TLSv1.1 x",)
    assert await of(TlsNegotiation(AT, "RSA"), world) == (f"{AT} to RSA: nothing",)
    assert await of(StarttlsInjection(AT), world) == (f"{AT} to a command before TLS: nothing",)
    assert await of(PortProbe(AT), world) == (f"{AT} to a connection: open",)
    assert await of(SmugglingProbe(TRIP), world) == (f"{TRIP}: ends of data: LF . LF",)


async def test_of_a_message_the_header_is_told() -> None:
    arrival = Delivery(0.1, "INBOX", "Subject: t\r\nFrom: a\r\n\r\nsecret body\r\n")
    journey = DeliveryReport("t", Reply("250", ("ok",)), {str(AT): arrival})
    world = FakeWorld(journeys={str(TRIP): journey})
    assert await of(SendProbe(TRIP), world) == (
        f"{TRIP}: 250 ok",
        f"{AT}: in INBOX",
        "Subject: t",
        "From: a",
    )


async def test_evidence_is_bounded() -> None:
    long = Session(Reply("OK"), transcript=("S: " + "x" * 10_000,) * 10_000)
    told = await of(ServerSession(AT), FakeWorld(sessions={str(AT): long}))
    assert len(told) == MOST_LINES
    assert max(map(len, told)) == MOST_SIGNS + 1


async def judged(world: World, *, finds: bool, silent: bool = False) -> Outcome:
    async def check(asked: World) -> AsyncIterator[Finding]:
        await asked.ask(DnsQuery("a.example.", "TXT"))
        if finds:
            yield RULE.at("a.example")
        if silent:
            raise Inconclusive("the rest")

    return await attempt(asking("t", "a", check, Places("spec.yaml", {}), world))


async def test_evidence_comes_with_findings_alone() -> None:
    world = FakeWorld({("a.example.", "TXT"): ("hello",)})
    assert (await judged(world, finds=True)).evidence == ("a.example. TXT: hello",)
    assert (await judged(world, finds=False)).evidence == ()
    told = await judged(world, finds=True, silent=True)
    assert (told.verdict, told.why) == (Verdict.FAILED, "the rest")
    assert told.evidence == ("a.example. TXT: hello",)


async def test_evidence_goes_with_the_last_finding() -> None:
    told = await judged(FakeWorld(), finds=True)
    assert told.keeping(()).evidence == ()


@pytest.mark.parametrize("fault", ["closed", "silent"])
async def test_why_there_was_no_answer_is_told_too(fault: str) -> None:
    """That nobody listens is what some findings rest on."""
    url = "https://a.example/"
    witness = EvidenceRecorder(FakeWorld(**{fault: frozenset({url})}))  # type: ignore[arg-type]
    with pytest.raises((ConnectionRejected, Inconclusive)) as why:
        await witness.ask(PageRequest(url, at="192.0.2.80"))
    assert witness.lines() == (f"{url} [192.0.2.80]: {why.value}",)
