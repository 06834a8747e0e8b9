"""mailconf diff."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from mailconf.cli.loading import built, trust_in
from mailconf.cli.reporting import (
    disk_is_reported,
    refuse,
    say_what_is_due,
    stop_at_errors,
    unusable_is_reported,
)
from mailconf.cli.say import show
from mailconf.disk.folder import Folder
from mailconf.disk.revision import RevisionError, files_at
from mailconf.engine.build import UnusableSpecError
from mailconf.engine.containment import BROKEN
from mailconf.engine.differences import unified
from mailconf.engine.exit_codes import ExitCode
from mailconf.engine.manifest import MANIFEST
from mailconf.engine.texts import SpecFileError
from mailconf.engine.write import Change, Tree, compare, tree
from mailconf.formats.paths import PathRefusedError, relative_parts
from mailconf.model.finding import Finding
from mailconf.model.outcome import Report
from mailconf.report.text import render as as_text


@dataclass(frozen=True, slots=True)
class Wish:
    """The command's arguments."""

    spec: Path
    output: Path | None
    revision: str
    env: str
    templates: Path | None
    exit_code: bool
    untrusted: bool = False


def run(wish: Wish) -> None:
    """Show the difference between what a spec renders and a tree or an older spec."""
    if bool(wish.output) == bool(wish.revision):
        refuse("specify exactly one of -o DIR and --rev REV")
    if wish.output and not wish.output.is_dir():
        refuse(f"{wish.output} is not a directory")
    with unusable_is_reported("diff", wish.spec, []):
        new = _tree(wish, wish.spec)
        differing, refused = (
            _from(new, wish.output) if wish.output else (_since(wish, new.texts), ())
        )
    for change in differing:
        show(unified(change))
    if refused:
        show(as_text(Report("diff", "", refused)), err=True)
    say_what_is_due(differing, new.texts[MANIFEST])
    differs = wish.exit_code and bool(differing)
    raise typer.Exit(ExitCode.FINDINGS if differs or refused else ExitCode.DONE)


def _from(new: Tree, output: Path) -> tuple[Sequence[Change], tuple[Finding, ...]]:
    with disk_is_reported(), Folder(output) as folder:
        compared = compare(new, folder)
    return compared.changes, compared.findings


def _tree(wish: Wish, spec: Path) -> Tree:
    _, build = built(spec, wish.env, wish.templates, trust=trust_in(wish.untrusted))
    stop_at_errors("diff", spec, [f for f in build.findings if f.rule is BROKEN])
    return tree(build, None)


def _since(wish: Wish, new: dict[str, str]) -> list[Change]:
    """Render the spec as it was at a revision, beside the one of today."""
    with tempfile.TemporaryDirectory() as name, _at_revision(wish.revision, Path(name)):
        old = _tree(wish, _checked_out(wish.spec, wish.revision, Path(name))).texts
    return [
        Change(path, _kind(path, old, new), old.get(path, ""), new.get(path, ""))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


@contextmanager
def _at_revision(revision: str, folder: Path) -> Iterator[None]:
    """Name files as git does, REV:PATH: nobody knows the folder that they are copied to."""

    def named(finding: Finding) -> Finding:
        facts = {key: renamed(str(fact)) for key, fact in finding.facts.items()}
        place = finding.place and replace(finding.place, file=renamed(finding.place.file))
        return replace(finding, subject=renamed(finding.subject), facts=facts, place=place)

    def renamed(text: str) -> str:
        return text.replace(f"{folder}/", f"{revision}/" if ":" in revision else f"{revision}:")

    try:
        yield
    except SpecFileError as why:
        raise SpecFileError(named(why.finding)) from None
    except UnusableSpecError as why:
        raise UnusableSpecError(map(named, why.findings)) from None


def _kind(path: str, old: dict[str, str], new: dict[str, str]) -> str:
    if path not in old:
        return "new"
    return "changed" if path in new else "removed"


def _checked_out(spec: Path, revision: str, into: Path) -> Path:
    """Copy the spec's directory at a revision, without touching the working tree."""
    if revision.startswith("-"):
        refuse(f"--rev {revision}: not a revision")
    real = spec.resolve()
    try:
        for path, content in files_at(real.parent, revision):
            target = into.joinpath(*relative_parts(path))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except (RevisionError, PathRefusedError) as why:
        refuse(f"--rev {revision}: {why}")
    return into / real.name
