"""A report gathers the findings of the spec and of every outcome."""

from mailconf.model.finding import Rule, Severity
from mailconf.model.outcome import Outcome, Report, Verdict

RULE = Rule("XX001", "some-fault", Severity.ERROR, "fault", "mend it")


def test_all_findings_are_gathered() -> None:
    failed = Outcome("a.b", "x", Verdict.FAILED, (RULE.at("x"),))
    report = Report("verify", "spec.yaml", (RULE.at("y"),), (failed,))
    assert [finding.subject for finding in report.all_findings] == ["y", "x"]
