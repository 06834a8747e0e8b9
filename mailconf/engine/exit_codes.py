"""Exit codes: the same for every command and every output format."""

from __future__ import annotations

from enum import IntEnum

from mailconf.engine.containment import BROKEN
from mailconf.model.finding import Severity
from mailconf.model.outcome import Report, Verdict
from mailconf.model.plan import State


class ExitCode(IntEnum):
    """What a pipeline can tell apart."""

    DONE = 0
    FINDINGS = 1
    COULD_NOT_RUN = 2
    INCONCLUSIVE = 3
    INTERRUPTED = 130


def plan_exit_code(report: Report, fail_on: Severity, changes_count: bool) -> ExitCode:
    """Judge a plan: dangers first; then, where `changes_count`, whatever is not in sync."""
    judged = exit_code(report, fail_on)
    if judged is not ExitCode.DONE:
        return judged
    states = {change.state for change in report.changes}
    if changes_count and states & {State.PUBLISH, State.PROPAGATING, State.CACHED}:
        return ExitCode.FINDINGS
    return ExitCode.INCONCLUSIVE if State.UNKNOWN in states else ExitCode.DONE


def exit_code(report: Report, fail_on: Severity) -> ExitCode:
    """Judge a report: a broken plugin first, then findings, crashes and silence."""
    if any(finding.rule is BROKEN for finding in report.all_findings):
        return ExitCode.COULD_NOT_RUN
    if any(finding.rule.severity >= fail_on for finding in report.all_findings):
        return ExitCode.FINDINGS
    verdicts = {outcome.verdict for outcome in report.outcomes}
    if Verdict.CRASHED in verdicts:
        return ExitCode.COULD_NOT_RUN
    if Verdict.UNKNOWN in verdicts:
        return ExitCode.INCONCLUSIVE
    return ExitCode.DONE
