"""A report for people at a terminal: what passed in one line a check, everything else in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from mailconf.model.finding import Finding, Severity
from mailconf.model.outcome import Outcome, Report, Verdict

MARKS = {
    Verdict.PASSED: "ok     ",
    Verdict.FAILED: "FAILED ",
    Verdict.UNKNOWN: "unknown",
    Verdict.SKIPPED: "skipped",
    Verdict.CRASHED: "CRASHED",
}


def render(report: Report) -> str:
    """Return the report as text, with a final line that sums it up."""
    lines = [line for finding in sorted_findings(report.findings) for line in _finding(finding)]
    lines += _outcomes(report.outcomes)
    lines += [f"note: {note}" for note in report.notes]
    lines.append(summary(report))
    return "\n".join(lines) + "\n"


def sorted_findings(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return findings in the order of the file, those without a place last."""
    return sorted(findings, key=lambda f: (f.place is None, f.place or 0, f.rule.code, f.subject))


def _finding(finding: Finding) -> Iterator[str]:
    rule = finding.rule
    place = f"{finding.place}: " if finding.place else ""
    yield f"{place}{rule.severity} {rule.code} {rule.name}: {finding.message}"
    yield f"    fix: {finding.fix}" + (f"  [{rule.ref}]" if rule.ref else "")


def _outcomes(outcomes: tuple[Outcome, ...]) -> Iterator[str]:
    by_check: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_check[outcome.check].append(outcome)
    width = max(map(len, by_check), default=0)
    for check in sorted(by_check):
        group = by_check[check]
        passed = [outcome for outcome in group if outcome.verdict is Verdict.PASSED]
        if len(passed) == len(group):
            yield f"{MARKS[Verdict.PASSED]} {check:<{width}}  {_which(passed)}"
            continue
        if passed:
            yield f"{MARKS[Verdict.PASSED]} {check:<{width}}  {len(passed)} of {len(group)}"
        for outcome in sorted(group, key=lambda o: o.subject):
            if outcome.verdict is not Verdict.PASSED:
                yield from _outcome(outcome, width)


def _which(passed: list[Outcome]) -> str:
    return passed[0].subject if len(passed) == 1 else f"{len(passed)} of {len(passed)}"


def _outcome(outcome: Outcome, width: int) -> Iterator[str]:
    why = f": {outcome.why}" if outcome.why else ""
    yield f"{MARKS[outcome.verdict]} {outcome.check:<{width}}  {outcome.subject}{why}"
    for finding in outcome.findings:
        for line in _finding(finding):
            yield f"        {line}"


def summary(report: Report) -> str:
    """Return one line: how many of what, and how long it took."""
    parts = []
    if report.outcomes:
        verdicts = [outcome.verdict for outcome in report.outcomes]
        counts = [f"{verdicts.count(v)} {v}" for v in Verdict if verdicts.count(v)]
        parts.append(f"{len(verdicts)} checks: {', '.join(counts)}")
    severities = [finding.rule.severity for finding in report.all_findings]
    found = [f"{severities.count(s)} {s}" for s in reversed(Severity) if severities.count(s)]
    parts.append(f"findings: {', '.join(found)}" if found else "no findings")
    return f"{report.command}: {'; '.join(parts)} ({report.seconds:.1f} s)"
