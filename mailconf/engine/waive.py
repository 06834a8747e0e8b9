"""Findings that the operator accepts: with a reason, perhaps until a date, and never unused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mailconf.model.finding import Finding, Rule, Severity
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


def waive(findings: Iterable[Finding], waivers: tuple[Waiver, ...], today: date) -> list[Finding]:
    """Return the findings that no waiver in force covers, and what is wrong with the waivers."""
    in_force = {n: w for n, w in enumerate(waivers) if not w.until or w.until >= today}
    used: set[int] = set()
    left: list[Finding] = []
    for finding in findings:
        covering = [n for n, waiver in in_force.items() if covers(waiver, finding)]
        used.update(covering)
        if not covering:
            left.append(finding)
    for number, waiver in enumerate(waivers):
        where: Path = ("waivers", number)
        if number not in in_force:
            left.append(EXPIRED.at(waiver.code, where, code=waiver.code, until=waiver.until))
        elif number not in used:
            left.append(UNUSED.at(waiver.code, where, code=waiver.code))
    return left


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Tell whether a waiver names this finding's rule and a spec path at or above it."""
    path = ".".join(str(step) for step in finding.where)
    inside = not waiver.where or path == waiver.where or path.startswith(waiver.where + ".")
    return waiver.code == finding.rule.code and inside
