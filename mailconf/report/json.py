"""A report for programs: one JSON document; readers ignore fields that they do not know."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from mailconf.model.finding import Finding
from mailconf.model.outcome import Outcome, Report
from mailconf.model.plan import Change
from mailconf.model.step import Step
from mailconf.report.foreign import in_json

SCHEMA = "mailconf.report/1"


def render(report: Report) -> str:
    """Return the report as indented JSON text."""
    body = {
        "schema": SCHEMA,
        "command": report.command,
        "spec": report.spec,
        "seconds": round(report.seconds, 3),
        "findings": [finding_body(finding) for finding in report.findings],
        "outcomes": [_outcome(outcome) for outcome in report.outcomes],
        "changes": [_change(change) for change in report.changes],
        "steps": [_step(step) for step in report.steps],
        "notes": list(report.notes),
    }
    return in_json(json.dumps(body, indent=2, ensure_ascii=False)) + "\n"


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "check": outcome.check,
        "subject": outcome.subject,
        "verdict": outcome.verdict.value,
        "why": outcome.why,
        "seconds": round(outcome.seconds, 3),
        "findings": [finding_body(finding) for finding in outcome.findings],
        "evidence": list(outcome.evidence),
        "measures": {measure.name: measure.seconds for measure in outcome.measures},
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "name": change.name,
        "type": change.type,
        "state": change.state.value,
        "add": list(change.add),
        "remove": list(change.remove),
        "ttl": change.ttl,
        "seconds": change.seconds,
        "why": change.why,
        "path": ".".join(map(str, change.where)),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "subject": step.subject,
        "state": step.state,
        "next": step.next,
        "earliest": step.dated.isoformat() if step.dated else None,
        "when": step.says_when,
        "due": step.due.isoformat() if step.due else None,
        "after": step.after,
        "path": ".".join(map(str, step.where)),
    }


def finding_body(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain data; facts are text."""
    rule, place = finding.rule, finding.place
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "subject": finding.subject,
        "message": finding.message,
        "expected": finding.expected,
        "observed": finding.observed if finding.expected else "",
        "fix": finding.fix,
        "ref": rule.ref,
        "facts": {key: str(value) for key, value in finding.facts.items()},
        "path": ".".join(map(str, finding.where)),
        "source": {"file": place.file, "line": place.line, "column": place.column}
        if place
        else None,
        "fingerprint": fingerprint(finding),
    }


def fingerprint(finding: Finding) -> str:
    """Return an id that survives moved lines and changed values: rule, subject, spec path."""
    text = "\n".join([finding.rule.code, finding.subject, *map(str, finding.where)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
