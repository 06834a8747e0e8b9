"""mailconf render."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NoReturn

import typer

from mailconf.cli.loading import trust_in, usable
from mailconf.cli.reporting import (
    disk_is_reported,
    refuse,
    say_what_is_due,
    unusable_is_reported,
)
from mailconf.cli.say import say, show
from mailconf.disk.folder import Folder
from mailconf.engine.differences import unified
from mailconf.engine.exit_codes import ExitCode
from mailconf.engine.ignoring import IGNORE, ignore, is_in_git
from mailconf.engine.manifest import MANIFEST
from mailconf.engine.recorded import PRIVATE_DIGESTS
from mailconf.engine.secrets import Secrets
from mailconf.engine.write import STAGE, Change, Tree, compare, hand_edits, tree, write
from mailconf.model.finding import Finding
from mailconf.model.hiding import SECRETS
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
    untrusted: bool = False


def run(wish: Wish) -> None:
    """Write the tree, or say how it differs from what is there."""
    if wish.output.exists() and not wish.output.is_dir():
        refuse(f"{wish.output} is not a directory")
    if wish.untrusted and wish.secrets:
        refuse("--secrets writes what the spec refers to; leave it out with --untrusted")
    trust = trust_in(wish.untrusted)
    with unusable_is_reported("render", wish.spec, []):
        _, build = usable("render", wish.spec, wish.env, wish.templates, trust=trust)
        wanted = tree(build, Secrets(wish.spec.parent, SECRETS) if wish.secrets else None)
    _say(wanted.findings)
    if not wish.output.exists():
        _refuse_unmatched(wish, wanted, ())
    with disk_is_reported(), Folder(wish.output) as folder:
        if not (wish.check or wish.diff):
            folder.make()
            folder.claim()
        _compared(wish, wanted, folder)


def _compared(wish: Wish, wanted: Tree, folder: Folder) -> NoReturn:
    compared = compare(wanted, folder)
    _refuse_unmatched(wish, wanted, compared.changes)
    differing = [c for c in compared.changes if _is_wanted(c.path, wish.only)]
    edits = [] if wish.force else hand_edits(differing, compared.known)
    found = [*compared.findings, *edits]
    if wish.check or wish.diff:
        _say_what_differs(wish, differing, found, wanted.texts[MANIFEST])
    chosen = {change.path for change in differing} - {edit.subject for edit in edits}
    kept = {change.path for change in compared.changes} - chosen
    _keep_out_of_git(wish, wanted)
    written = write(wanted, compared, folder, kept)
    say_what_is_due([c for c in differing if c.path in chosen], wanted.texts[MANIFEST])
    _say_what_was_done(written, found, [p for p in wanted.skipped if _is_wanted(p, wish.only)])


def _refuse_unmatched(wish: Wish, wanted: Tree, differing: Iterable[Change]) -> None:
    """End where a pattern of --only matches no path that is rendered, nor one that is removed."""
    paths = (*wanted.texts, *wanted.skipped, *(change.path for change in differing))
    for pattern in wish.only:
        if not any(fnmatchcase(path, pattern) for path in paths):
            refuse(f"--only {pattern}: no path of the tree matches")


def _keep_out_of_git(wish: Wish, wanted: Tree) -> None:
    """Name the secret files in a .gitignore before they are written, where git would take them."""
    if not wanted.secret or not is_in_git(wish.output):
        return
    if ignore(wish.output, (*wanted.secret, PRIVATE_DIGESTS, STAGE)):
        say(f"{wish.output / IGNORE} keeps the secret files out of git", err=True)


def _is_wanted(path: str, only: tuple[str, ...]) -> bool:
    return not only or any(fnmatchcase(path, pattern) for pattern in only)


def _say_what_differs(
    wish: Wish, differing: list[Change], found: list[Finding], manifest: str
) -> NoReturn:
    for change in differing:
        if wish.diff:
            show(unified(change))
        else:
            say(f"{change.kind} {change.path}")
    say_what_is_due(differing, manifest)
    _say(found)
    raise typer.Exit(ExitCode.FINDINGS if differing or found else ExitCode.DONE)


def _say_what_was_done(
    written: list[str], found: list[Finding], skipped: Iterable[str]
) -> NoReturn:
    _say(found)
    for path in skipped:
        say(f"skipped, contains secrets (use --secrets): {path}", err=True)
    say(f"{len(written)} files written or removed" if written else "up to date", err=True)
    raise typer.Exit(ExitCode.FINDINGS if found else ExitCode.DONE)


def _say(findings: Iterable[Finding]) -> None:
    told = tuple(findings)
    if told:
        show(as_text(Report("render", "", told)), err=True)
