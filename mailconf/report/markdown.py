"""A report for pull requests and tickets: Markdown with tables."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding
from mailconf.model.outcome import Outcome, Report, Verdict
from mailconf.model.plan import Change, State
from mailconf.report.foreign import code_in_markdown, fenced_in_markdown
from mailconf.report.foreign import in_markdown as _cell
from mailconf.report.text import sorted_findings, summary, until


def render(report: Report) -> str:
    """Return the report as Markdown: what is wrong first, what is fine as a number."""
    lines = [f"## mailconf {report.command}: {_cell(report.spec)}", "", _cell(summary(report)), ""]
    lines += _findings(report.all_findings)
    lines += _changes(report.changes)
    lines += _untold(report.outcomes)
    lines += [f"- {_cell(note)}" for note in report.notes]
    return "\n".join(lines).rstrip("\n") + "\n"


def _findings(findings: tuple[Finding, ...]) -> Iterator[str]:
    if not findings:
        return
    yield from ("| | Code | Where | Found | Fix |", "|---|---|---|---|---|")
    for finding in sorted_findings(findings):
        rule, place = finding.rule, finding.place or finding.subject
        cells = (rule.severity, rule.code, place, finding.message, finding.fix)
        yield "| " + " | ".join(_cell(str(cell)) for cell in cells) + " |"
    yield ""


def _changes(changes: tuple[Change, ...]) -> Iterator[str]:
    """Show every set that is not in sync as a diff."""
    for change in changes:
        if change.is_settled:
            continue
        yield f"**{_cell(str(change))}**: {change.state}" + (
            f", {_cell(change.why)}" * bool(change.why)
        )
        if change.add or change.remove:
            rows = [f"- {value}" for value in change.remove]
            rows += [f"+ {value}" for value in change.add]
            yield from ("", *fenced_in_markdown(rows, "diff"))
        if change.seconds and change.state is not State.UNKNOWN:
            yield from ("", until(change))
        yield ""


def _untold(outcomes: tuple[Outcome, ...]) -> Iterator[str]:
    """List what could not be told."""
    for outcome in outcomes:
        if outcome.verdict in (Verdict.UNKNOWN, Verdict.CRASHED):
            check = code_in_markdown(outcome.check)
            yield f"- {outcome.verdict} {check} {_cell(outcome.subject)}: {_cell(outcome.why)}"
