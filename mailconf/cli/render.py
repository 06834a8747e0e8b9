"""mailconf render."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import typer

from mailconf.cli.finish import refuse, say_what_is_due, unusable_is_reported
from mailconf.cli.sources import usable
from mailconf.engine.differences import unified
from mailconf.engine.manifest import MANIFEST
from mailconf.engine.secrets import Secrets
from mailconf.engine.verdict import Exit
from mailconf.engine.write import Change, changes, hand_edits, tree, write
from mailconf.model.finding import Finding
from mailconf.model.outcome import Report
from mailconf.report.text import render as as_text


@dataclass(frozen=True, slots=True)
class Wish:
    """The command's arguments."""

    spec: Path
    output: Path
    env: str
    templates: Path | None
    check: bool
    diff: bool
    force: bool
    secrets: bool
    only: tuple[str, ...]


def run(wish: Wish) -> None:
    """Write the tree, or say how it differs from what is there."""
    if wish.output.exists() and not wish.output.is_dir():
        refuse(f"{wish.output} is not a directory")
    with unusable_is_reported("render", wish.spec, []):
        _, build = usable("render", wish.spec, wish.env, wish.templates)
        wanted = tree(build, Secrets(wish.spec.parent) if wish.secrets else None)
    _say(wanted.findings)
    differing = [c for c in changes(wanted, wish.output) if _is_wanted(c.path, wish.only)]
    edits = [] if wish.force else hand_edits(differing, wish.output)
    if wish.check or wish.diff:
        _say_what_differs(wish, differing, wanted.texts[MANIFEST])
        _say(edits)
        raise typer.Exit(Exit.FINDINGS if differing else Exit.DONE)
    kept = {edit.subject for edit in edits}
    try:
        written = write(wanted, differing, wish.output, kept)
    except OSError as why:
        refuse(f"cannot write {why.filename}: {why.strerror}")
    say_what_is_due([c for c in differing if c.path not in kept], wanted.texts[MANIFEST])
    _say_what_was_done(written, edits, wanted.skipped)


def _is_wanted(path: str, only: tuple[str, ...]) -> bool:
    return not only or any(fnmatchcase(path, pattern) for pattern in only)


def _say_what_differs(wish: Wish, differing: list[Change], manifest: str) -> None:
    for change in differing:
        if wish.diff:
            sys.stdout.write(unified(change))
        else:
            typer.echo(f"{change.kind} {change.path}")
    say_what_is_due(differing, manifest)


def _say_what_was_done(written: list[str], edits: list[Finding], skipped: tuple[str, ...]) -> None:
    _say(edits)
    for path in skipped:
        typer.echo(f"not written, it holds secrets (use --secrets): {path}", err=True)
    typer.echo(f"{len(written)} files written or removed" if written else "up to date", err=True)
    raise typer.Exit(Exit.FINDINGS if edits else Exit.DONE)


def _say(findings: Iterable[Finding]) -> None:
    told = tuple(findings)
    if told:
        typer.echo(as_text(Report("render", "", told)), err=True, nl=False)
