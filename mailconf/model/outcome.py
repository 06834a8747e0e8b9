"""Results: what a spec means, and how the world compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from mailconf.model.artifact import Artifact
from mailconf.model.finding import Finding
from mailconf.model.measure import Measure
from mailconf.model.place import Places
from mailconf.model.plan import Change
from mailconf.model.plugin import Scopes, View
from mailconf.model.record import Records
from mailconf.model.request import NO_REQUESTS, Requests
from mailconf.model.spec import Spec
from mailconf.model.step import Step


@dataclass(frozen=True, slots=True)
class Build:
    """Everything a spec means: what to publish, what to write, what is wrong."""

    spec: Spec
    places: Places
    records: Records
    artifacts: tuple[Artifact, ...]
    findings: tuple[Finding, ...]
    scopes: Mapping[str, Scopes] = field(default_factory=dict)
    """The options of every plugin, by its name."""
    views: Mapping[str, View[Any]] = field(default_factory=dict)
    """What each plugin that is switched on looks at, by its name: settings and records of all."""
    requests: Requests = NO_REQUESTS
    """What plugins request of each other."""


class Verdict(StrEnum):
    """The answer of one check; UNKNOWN is not a failure and not a pass."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check of one subject, run; `why` explains UNKNOWN, SKIPPED and CRASHED."""

    check: str
    subject: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    why: str = ""
    seconds: float = 0.0
    measures: tuple[Measure, ...] = ()
    evidence: tuple[str, ...] = ()
    """What the findings rest on: what was asked, and the lines of the answers."""

    def keeping(self, left: tuple[Finding, ...], why: str = "") -> Outcome:
        """Return the outcome with these findings only; when none are left, it has passed."""
        if left == self.findings:
            return self
        is_clean = not left and self.verdict is Verdict.FAILED
        verdict = Verdict.PASSED if is_clean else self.verdict
        evidence = self.evidence if left else ()
        told = self.why or why
        return replace(self, findings=left, verdict=verdict, why=told, evidence=evidence)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one command has to say; `seconds` is how long it took."""

    command: str
    spec: str
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    """Of a plan: every set of records, those in sync too."""
    steps: tuple[Step, ...] = ()
    """Of the life of keys and policies: what may come next."""

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of the spec and of every outcome."""
        return (*self.findings, *(f for outcome in self.outcomes for f in outcome.findings))
