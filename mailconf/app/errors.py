"""Why a command cannot run, or does not go on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from mailconf.model.finding import Finding, Severity
from mailconf.model.outcome import Report


class CommandError(Exception):
    """The options, or the files that they name, do not let a command run; the message is a sentence."""


class SpecErrorsError(Exception):
    """A spec has errors: what it renders would lose mail or open a relay."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{len(self.findings)} errors")


class Interrupted(KeyboardInterrupt):
    """A command was interrupted; `report` has what is known so far."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__()


def refuse(why: str) -> NoReturn:
    """Raise CommandError."""
    raise CommandError(why)


def stop_at_errors(findings: Iterable[Finding]) -> None:
    """Raise SpecErrorsError for findings of which some are errors."""
    errors = [finding for finding in findings if finding.rule.severity is Severity.ERROR]
    if errors:
        raise SpecErrorsError(errors)
