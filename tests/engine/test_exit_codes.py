"""Exit codes say the same for every command and format."""

import pytest

from mailconf.engine.exit_codes import ExitCode, exit_code, plan_exit_code
from mailconf.model.finding import Rule, Severity
from mailconf.model.outcome import Outcome, Report, Verdict
from mailconf.model.plan import Change, State

V = Verdict


def outcome(verdict: Verdict, severity: Severity = Severity.ERROR) -> Outcome:
    rule = Rule("XX001", "some-fault", severity, "fault", "mend it")
    findings = (rule.at("x"),) if verdict is V.FAILED else ()
    return Outcome("a", "b", verdict, findings)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        pytest.param([V.PASSED, V.SKIPPED], ExitCode.DONE, id="nothing"),
        pytest.param([V.PASSED, V.FAILED, V.UNKNOWN, V.CRASHED], ExitCode.FINDINGS, id="failed"),
        pytest.param([V.CRASHED, V.UNKNOWN], ExitCode.COULD_NOT_RUN, id="crashed"),
        pytest.param([V.PASSED, V.UNKNOWN], ExitCode.INCONCLUSIVE, id="unknown"),
    ],
)
def test_outcomes(outcomes: list[Verdict], code: ExitCode) -> None:
    report = Report("verify", "s", outcomes=tuple(map(outcome, outcomes)))
    assert exit_code(report, Severity.ERROR) is code


@pytest.mark.parametrize(
    ("limit", "code"), [("WARNING", ExitCode.FINDINGS), ("ERROR", ExitCode.DONE)]
)
def test_the_limit(limit: str, code: ExitCode) -> None:
    report = Report("verify", "s", outcomes=(outcome(V.FAILED, Severity.WARNING),))
    assert exit_code(report, Severity[limit]) is code


@pytest.mark.parametrize(
    ("state", "counts", "status"),
    [
        pytest.param(State.IN_SYNC, True, ExitCode.DONE, id="in sync"),
        pytest.param(State.PUBLISH, False, ExitCode.DONE, id="a difference"),
        pytest.param(State.PUBLISH, True, ExitCode.FINDINGS, id="a difference that counts"),
        pytest.param(State.CACHED, True, ExitCode.FINDINGS, id="caches count"),
        pytest.param(State.UNKNOWN, False, ExitCode.INCONCLUSIVE, id="silence"),
    ],
)
def test_plans(state: State, counts: bool, status: ExitCode) -> None:
    report = Report("plan", "s.yaml", changes=(Change("a.", "A", state),))
    assert plan_exit_code(report, Severity.ERROR, counts) is status
