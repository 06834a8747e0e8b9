"""mailconf lint."""

from __future__ import annotations

from mailconf.app.lint import LintOptions, lint
from mailconf.cli.reporting import finish, severity, unusable_is_reported


def run(options: LintOptions, fail_on: str, reports: list[str]) -> None:
    """Report what is wrong with a spec."""
    limit = severity(fail_on)
    with unusable_is_reported("lint", options.spec, reports):
        report = lint(options)
    finish(report, reports, limit)
