"""Paths that are not used, as findings."""

from __future__ import annotations

from mailconf.formats.paths import PathRefusedError
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path

REFUSED = Rule(
    code="CFG061",
    name="path-refused",
    severity=Severity.ERROR,
    message="{path!r} is {found}; expected {expected}",
    fix="{hint}",
    bad="include: [../hosts.yaml]",
    good="include: [domains.d/*.yaml]",
)


def refusal(why: PathRefusedError, where: Path = ()) -> Finding:
    """Return the finding about a path that stands at `where` in the spec."""
    facts = {"path": why.path, "found": why.found, "expected": why.expected, "hint": why.fix}
    return REFUSED.at(why.path or "path", where, **facts)
