"""mailconf lint: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from mailconf.cli.arguments import Environment, FailOn, Reports, SpecFile, Untrusted


def lint(
    spec: SpecFile,
    env: Environment = "",
    untrusted: Untrusted = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Check a spec against its schema and all rules."""
    from mailconf.app.lint import LintOptions
    from mailconf.cli.lint import run

    run(LintOptions(spec=spec, env=env, untrusted=untrusted), fail_on, report or [])
