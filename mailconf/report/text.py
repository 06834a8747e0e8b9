"""A report for people at a terminal: what passed in one line a check, everything else in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from mailconf.model.finding import Finding, Severity
from mailconf.model.outcome import Outcome, Report, Verdict
from mailconf.model.plan import Change, State
from mailconf.model.step import Step, said
from mailconf.report.foreign import one_line

MARKS = {
    Verdict.PASSED: "ok     ",
    Verdict.FAILED: "FAILED ",
    Verdict.UNKNOWN: "unknown",
    Verdict.SKIPPED: "skipped",
    Verdict.CRASHED: "CRASHED",
}


def render(report: Report) -> str:
    """Return the report as text, with a final line that sums it up."""
    lines = [
        line for finding in sorted_findings(report.findings) for line in finding_lines(finding)
    ]
    lines += _steps(report.steps)
    lines += _changes(report.changes)
    lines += _outcomes(report.outcomes)
    lines += [f"note: {note}" for note in report.notes]
    lines.append(summary(report))
    return "\n".join(map(one_line, lines)) + "\n"


def sorted_findings(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return findings in the order of the file, those without a place last."""
    return sorted(findings, key=lambda f: (f.place is None, f.place or 0, f.rule.code, f.subject))


def finding_lines(finding: Finding) -> Iterator[str]:
    """Yield what there is to say about a finding, and then what to do."""
    rule = finding.rule
    place = f"{finding.place}: " if finding.place else ""
    yield f"{place}{rule.severity} {rule.code} {rule.name}: {finding.message}"
    yield f"    fix: {finding.fix}" + (f"  [{rule.ref}]" if rule.ref else "")


def _steps(steps: tuple[Step, ...]) -> Iterator[str]:
    """Say of every subject once how it is, then what may come next."""
    told = ""
    for step in steps:
        if step.subject != told:
            yield f"{step.subject}: {step.state}"
        told = step.subject
        by = f", due {said(step.due)}" if step.due else ""
        yield f"    next: {step.next}, {step.says_when}{by}"
        if step.after:
            yield f"          then {step.after}"


def _changes(changes: tuple[Change, ...]) -> Iterator[str]:
    """Say of every set that is not in sync what is added and removed, and when caches agree."""
    for change in changes:
        if change.is_settled:
            continue
        why = f": {change.why}" if change.why else ""
        yield f"{change.state:<11} {change}{why}"
        yield from (f"    + {change.ttl} {value}" for value in change.add)
        yield from (f"    - {value}" for value in change.remove)
        if change.seconds and change.state is not State.UNKNOWN:
            yield f"    {until(change)}"


def until(change: Change) -> str:
    """Say when caches agree; before the publication that is counted from then."""
    if change.state is State.CACHED:
        return f"caches expire in {span(change.seconds)}"
    return f"caches expire {span(change.seconds)} after publication"


def span(seconds: int) -> str:
    """Write a number of seconds as people say it."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            rest = seconds % length
            return f"{seconds // length} {unit}" + (f" {span(rest)}" if rest else "")
    return f"{seconds} s"


def _outcomes(outcomes: tuple[Outcome, ...]) -> Iterator[str]:
    """Say what passed, then what failed, then what could not be told."""
    ordered = sorted(outcomes, key=lambda outcome: (outcome.check, outcome.subject))
    width = max((len(outcome.check) for outcome in ordered), default=0)
    yield from _passed(ordered, width)
    for outcome in ordered:
        if outcome.verdict in (Verdict.FAILED, Verdict.CRASHED):
            yield from _failed(outcome, width)
    yield from _untold(ordered, width)
    for outcome in ordered:
        if outcome.measures:
            told = ", ".join(map(str, outcome.measures))
            yield f"{'timing':<7} {outcome.check:<{width}}  {outcome.subject}: {told}"


def _passed(ordered: list[Outcome], width: int) -> Iterator[str]:
    by_check: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in ordered:
        by_check[outcome.check].append(outcome)
    for check, group in by_check.items():
        passed = [outcome for outcome in group if outcome.verdict is Verdict.PASSED]
        if passed:
            alone = len(group) == 1
            which = passed[0].subject if alone else f"{len(passed)} of {len(group)}"
            yield f"{MARKS[Verdict.PASSED]} {check:<{width}}  {which}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _mark(outcome: Outcome) -> str:
    """Return the severity of what was found, or FAILED where it is an error."""
    worst = max((finding.rule.severity for finding in outcome.findings), default=Severity.ERROR)
    is_mild = outcome.verdict is Verdict.FAILED and worst < Severity.ERROR
    return f"{worst!s:<7}" if is_mild else MARKS[outcome.verdict]


def _failed(outcome: Outcome, width: int) -> Iterator[str]:
    why = f": {outcome.why}" if outcome.why else ""
    yield f"{_mark(outcome)} {outcome.check:<{width}}  {outcome.subject}{why}"
    for finding in outcome.findings:
        for line in finding_lines(finding):
            yield f"        {line}"


def _untold(ordered: list[Outcome], width: int) -> Iterator[str]:
    """Say once why a subject is silent, however many checks wanted to know something of it."""
    groups: dict[tuple[Verdict, str, str], list[str]] = defaultdict(list)
    for outcome in ordered:
        if outcome.verdict in (Verdict.UNKNOWN, Verdict.SKIPPED):
            why = outcome.why.removeprefix(outcome.subject).strip(": ")
            groups[outcome.verdict, outcome.subject, why].append(outcome.check)
    for (verdict, subject, why), checks in groups.items():
        if len(checks) == 1:
            yield f"{MARKS[verdict]} {checks[0]:<{width}}  {subject}: {why}"
        else:
            yield f"{MARKS[verdict]} {subject}: {why}"
            yield f"        {len(checks)} checks: {', '.join(checks)}"


def summary(report: Report) -> str:
    """Return one line: how many of what, and how long it took."""
    parts = []
    if report.changes:
        states = [change.state for change in report.changes]
        counts = [f"{states.count(s)} {s}" for s in State if states.count(s)]
        parts.append(f"{len(states)} record sets: {', '.join(counts)}")
    if report.outcomes:
        verdicts = [outcome.verdict for outcome in report.outcomes]
        counts = [f"{verdicts.count(v)} {v}" for v in Verdict if verdicts.count(v)]
        parts.append(f"{len(verdicts)} checks: {', '.join(counts)}")
    severities = [finding.rule.severity for finding in report.all_findings]
    found = [_count(severities.count(s), str(s)) for s in reversed(Severity) if s in severities]
    parts.append(f"findings: {', '.join(found)}" if found else "no findings")
    return f"{report.command}: {'; '.join(parts)} ({report.seconds:.1f} s)"
