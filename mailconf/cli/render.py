"""mailconf render."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NoReturn

import typer

from mailconf.app.render import RenderOptions, RenderResult, render
from mailconf.cli.reporting import say_what_is_due, unusable_is_reported
from mailconf.cli.say import say, show
from mailconf.engine.differences import unified
from mailconf.engine.exit_codes import ExitCode
from mailconf.engine.ignoring import IGNORE
from mailconf.model.finding import Finding
from mailconf.model.outcome import Report
from mailconf.report.text import render as as_text

How = Literal["write", "check", "diff"]


def run(options: RenderOptions, how: How) -> NoReturn:
    """Write the tree, or say how it differs from what is there."""
    with unusable_is_reported("render", options.spec, []):
        result = render(options)
    _say(result.warnings)
    if how == "write":
        _say_what_was_done(options, result)
    _say_what_differs(result, how)


def _say_what_differs(result: RenderResult, how: How) -> NoReturn:
    for change in result.differing:
        if how == "diff":
            show(unified(change))
        else:
            say(f"{change.kind} {change.path}")
    say_what_is_due(result.differing, result.manifest)
    _say(result.findings)
    raise typer.Exit(ExitCode.FINDINGS if result.differing or result.findings else ExitCode.DONE)


def _say_what_was_done(options: RenderOptions, result: RenderResult) -> NoReturn:
    if result.ignored:
        say(f"{options.output / IGNORE} keeps the secret files out of git", err=True)
    say_what_is_due(result.chosen, result.manifest)
    _say(result.findings)
    for path in result.skipped:
        say(f"skipped, contains secrets (use --secrets): {path}", err=True)
    count = len(result.written)
    say(f"{count} files written or removed" if count else "up to date", err=True)
    raise typer.Exit(ExitCode.FINDINGS if result.findings else ExitCode.DONE)


def _say(findings: Iterable[Finding]) -> None:
    told = tuple(findings)
    if told:
        show(as_text(Report("render", "", told)), err=True)
