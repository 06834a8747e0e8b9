"""mailconf diff."""

from __future__ import annotations

from typing import NoReturn

import typer

from mailconf.app.diff import DiffOptions, diff
from mailconf.cli.reporting import say_what_is_due, unusable_is_reported
from mailconf.cli.say import show
from mailconf.engine.differences import unified
from mailconf.engine.exit_codes import ExitCode
from mailconf.model.outcome import Report
from mailconf.report.text import render as as_text


def run(options: DiffOptions, *, exit_code: bool) -> NoReturn:
    """Show the difference between what a spec renders and a tree or an older spec."""
    with unusable_is_reported("diff", options.spec, []):
        result = diff(options)
    for change in result.changes:
        show(unified(change))
    if result.findings:
        show(as_text(Report("diff", "", result.findings)), err=True)
    say_what_is_due(result.changes, result.manifest)
    differs = exit_code and bool(result.changes)
    raise typer.Exit(ExitCode.FINDINGS if differs or result.findings else ExitCode.DONE)
