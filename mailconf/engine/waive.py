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
    message="the waiver for {code} expired on {until}",
    fix="fix the finding, or give the waiver a new date and reason",
)
UNUSED = Rule(
    code="CFG051",
    name="waiver-unused",
    severity=Severity.WARNING,
    message="the waiver of {code} matches no finding",
    fix="remove the waiver",
)

Waivers = tuple[Waiver, ...]


class Waived:
    """The waivers in force, by code and place: a finding asks for each place above its own."""

    def __init__(self, waivers: Waivers, today: date) -> None:
        self._accepted = {(w.code, w.where) for w in waivers if _is_in_force(w, today)}

    def left(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Return the findings that no waiver in force covers."""
        if not self._accepted:
            return findings
        return tuple(f for f in findings if self._accepted.isdisjoint(covering(f)))

    def of(self, outcome: Outcome) -> Outcome:
        """Return an outcome without its waived findings; when nothing is left, it has passed."""
        return outcome.keeping(self.left(outcome.findings), "waived")


def waive(findings: Iterable[Finding], waivers: Waivers, today: date) -> tuple[Finding, ...]:
    """Return the findings that no waiver in force covers."""
    return Waived(waivers, today).left(tuple(findings))


def waive_outcome(outcome: Outcome, waivers: Waivers, today: date) -> Outcome:
    """Return an outcome without its waived findings; when nothing is left, it has passed."""
    return Waived(waivers, today).of(outcome)


def idle(
    findings: Iterable[Finding], waivers: Waivers, today: date, elsewhere: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the waivers themselves.

    Codes in `elsewhere` are found by other commands, so here nothing can be said about their use.
    """
    used = {key for finding in findings for key in covering(finding)} if waivers else set()
    for number, waiver in enumerate(waivers):
        where: Path = ("waivers", number)
        if not _is_in_force(waiver, today):
            yield EXPIRED.at(waiver.code, where, code=waiver.code, until=waiver.until)
        elif waiver.code not in elsewhere and (waiver.code, waiver.where) not in used:
            yield UNUSED.at(waiver.code, where, code=waiver.code)


def _is_in_force(waiver: Waiver, today: date) -> bool:
    return waiver.until is None or waiver.until >= today


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Tell whether a waiver names this finding's rule and a spec path at or above it."""
    return (waiver.code, waiver.where) in covering(finding)


def covering(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield code and place of each waiver that would cover a finding: its rule, its path or above."""
    path = ".".join(str(step) for step in finding.where)
    yield finding.rule.code, ""
    yield finding.rule.code, path
    for number, letter in enumerate(path):
        if letter == ".":
            yield finding.rule.code, path[:number]
