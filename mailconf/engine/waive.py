"""Findings that the operator accepts: with a reason, perhaps until a date, and never unused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Outcome
from mailconf.model.place import Path
from mailconf.model.spec import Waiver

EXPIRED = Rule(
    code="CFG050",
    name="waiver-expired",
    severity=Severity.WARNING,
    message="the waiver of {code} ended on {until}",
    fix="solve the finding, or give a new date and reason",
)
UNUSED = Rule(
    code="CFG051",
    name="waiver-unused",
    severity=Severity.WARNING,
    message="the waiver of {code} matches no finding",
    fix="remove the waiver",
)

Waivers = tuple[Waiver, ...]


def waive(findings: Iterable[Finding], waivers: Waivers, today: date) -> tuple[Finding, ...]:
    """Return the findings that no waiver in force covers."""
    accepted = [waiver for waiver in waivers if _is_in_force(waiver, today)]
    return tuple(f for f in findings if not any(covers(waiver, f) for waiver in accepted))


def waive_outcome(outcome: Outcome, waivers: Waivers, today: date) -> Outcome:
    """Return an outcome without its waived findings; when nothing is left, it has passed."""
    return outcome.keeping(waive(outcome.findings, waivers, today), "waived")


def idle(
    findings: Iterable[Finding], waivers: Waivers, today: date, elsewhere: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the waivers themselves.

    Codes in `elsewhere` are found by other commands, so here nothing can be said about their use.
    """
    found = tuple(findings)
    for number, waiver in enumerate(waivers):
        where: Path = ("waivers", number)
        if not _is_in_force(waiver, today):
            yield EXPIRED.at(waiver.code, where, code=waiver.code, until=waiver.until)
        elif waiver.code not in elsewhere and not any(covers(waiver, f) for f in found):
            yield UNUSED.at(waiver.code, where, code=waiver.code)


def _is_in_force(waiver: Waiver, today: date) -> bool:
    return waiver.until is None or waiver.until >= today


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Tell whether a waiver names this finding's rule and a spec path at or above it."""
    path = ".".join(str(step) for step in finding.where)
    inside = not waiver.where or path == waiver.where or path.startswith(waiver.where + ".")
    return waiver.code == finding.rule.code and inside
