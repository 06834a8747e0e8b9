"""TLSA records that senders would ignore."""

from dataclasses import dataclass

import pytest

from mailconf.model.questions.dns import Answer, DnsQuery
from mailconf.plugins.dane import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

ONE = "1" * 64
NAME = "_25._tcp.mail.example.org."
SEEN = view(plugin, spec_of(), options={"keys": [ONE, "2" * 64]})


@dataclass(frozen=True, slots=True)
class Validating(FakeWorld):
    """A world whose resolver validates, or does not, and in which the zone is signed, or is not."""

    validates: bool = True
    is_signed: bool = True

    def _dns(self, question: DnsQuery) -> Answer:
        found = FakeWorld._dns(self, question)
        secure = self.validates and (self.is_signed or question.name == ".")
        return Answer(found.values, secure=secure)


@pytest.mark.parametrize(
    ("validates", "is_signed", "verdict", "found"),
    [
        pytest.param(True, True, "passed", [], id="signed"),
        pytest.param(True, False, "failed", ["DAN002"], id="not signed"),
        pytest.param(False, True, "unknown", [], id="the resolver cannot tell"),
    ],
)
async def test_records_are_signed(
    validates: bool, is_signed: bool, verdict: str, found: list[str]
) -> None:
    zones = {(NAME, "TLSA"): (f"3 1 1 {ONE}",)}
    world = Validating(zones, validates=validates, is_signed=is_signed)
    done = await outcome(check_of(plugin, "dane.dnssec"), SEEN, SEEN.spec.hosts["mail"], world)
    assert (done.verdict, codes(done.findings)) == (verdict, found)


async def test_without_records_there_is_nothing_to_sign() -> None:
    world = Validating(validates=False)
    done = await outcome(check_of(plugin, "dane.dnssec"), SEEN, SEEN.spec.hosts["mail"], world)
    assert done.verdict == "passed"


@pytest.mark.parametrize(
    ("broken", "verdict", "found"),
    [
        pytest.param([], "passed", [], id="told"),
        pytest.param([NAME], "failed", ["DAN010"], id="fails"),
        pytest.param([NAME, "mail.example.org."], "unknown", [], id="everything fails"),
    ],
)
async def test_a_question_for_keys_that_fails_stops_mail(
    broken: list[str], verdict: str, found: list[str]
) -> None:
    check, host = check_of(plugin, "dane.lookup"), SEEN.spec.hosts["mail"]
    done = await outcome(check, SEEN, host, FakeWorld(broken=frozenset(broken)))
    assert (done.verdict, codes(done.findings)) == (verdict, found)
