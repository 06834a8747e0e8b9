"""Waivers cover what they name, until they end."""

from datetime import date

import pytest

from mailconf.engine.waive import idle, waive, waive_outcome
from mailconf.model.finding import Rule, Severity
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.spec import Waiver
from tests.engine.specs import codes

RULE = Rule("XX001", "some-fault", Severity.ERROR, "fault", "mend it")
FINDING = RULE.at("x", ("domains", "a.example", "spf"))
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("waiver", "left"),
    [
        pytest.param(Waiver(code="XX001", reason="r"), [], id="everywhere"),
        pytest.param(Waiver(code="XX001", where="domains.a.example", reason="r"), [], id="above"),
        pytest.param(
            Waiver(code="XX001", where="domains.a.ex", reason="r"), ["CFG051", "XX001"], id="beside"
        ),
        pytest.param(Waiver(code="XX002", reason="r"), ["CFG051", "XX001"], id="another code"),
        pytest.param(
            Waiver(code="XX001", reason="r", until=date(2026, 11, 23)),
            ["CFG050", "XX001"],
            id="ended",
        ),
        pytest.param(Waiver(code="XX001", reason="r", until=TODAY), [], id="last day"),
    ],
)
def test_what_is_left(waiver: Waiver, left: list[str]) -> None:
    findings = waive([FINDING], (waiver,), TODAY)
    assert codes([*findings, *idle([FINDING], (waiver,), TODAY, ())]) == left


def test_a_waiver_of_a_live_rule_is_not_called_unused_by_lint() -> None:
    waiver = Waiver(code="DNS010", reason="r")
    assert list(idle([], (waiver,), TODAY, {"DNS010"})) == []


def test_a_waived_failure_has_passed_and_says_so() -> None:
    failed = Outcome("a.b", "x", Verdict.FAILED, (FINDING,))
    waiver = Waiver(code="XX001", reason="r")
    passed = waive_outcome(failed, (waiver,), TODAY)
    assert (passed.verdict, passed.findings, passed.why) == (Verdict.PASSED, (), "waived")
    assert waive_outcome(failed, (), TODAY) == failed
