"""mailconf diff."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import typer

from mailconf.cli.finish import refuse, say_what_is_due, unusable_is_reported
from mailconf.cli.sources import built
from mailconf.engine.differences import unified
from mailconf.engine.manifest import MANIFEST
from mailconf.engine.verdict import Exit
from mailconf.engine.write import Change, Tree, changes, tree


@dataclass(frozen=True, slots=True)
class Wish:
    """The command's arguments."""

    spec: Path
    output: Path | None
    revision: str
    env: str
    templates: Path | None
    exit_code: bool


def run(wish: Wish) -> None:
    """Show the difference between what a spec renders and a tree or an older spec."""
    if bool(wish.output) == bool(wish.revision):
        refuse("say what to compare with: -o DIR or --rev REV, one of the two")
    if wish.output and not wish.output.is_dir():
        refuse(f"{wish.output} is not a directory")
    with unusable_is_reported("diff", wish.spec, []):
        new = _tree(wish, wish.spec)
        differing = changes(new, wish.output) if wish.output else _since(wish, new.texts)
    for change in differing:
        sys.stdout.write(unified(change))
    say_what_is_due(differing, new.texts[MANIFEST])
    raise typer.Exit(Exit.FINDINGS if wish.exit_code and differing else Exit.DONE)


def _tree(wish: Wish, spec: Path) -> Tree:
    return tree(built(spec, wish.env, wish.templates)[1], None)


def _since(wish: Wish, new: dict[str, str]) -> list[Change]:
    """Render the spec as it was at a revision, beside the one of today."""
    with tempfile.TemporaryDirectory() as name:
        old = _tree(wish, _checked_out(wish.spec, wish.revision, Path(name))).texts
    return [
        Change(path, _kind(path, old, new), old.get(path, ""), new.get(path, ""))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def _kind(path: str, old: dict[str, str], new: dict[str, str]) -> str:
    if path not in old:
        return "new"
    return "changed" if path in new else "removed"


def _checked_out(spec: Path, revision: str, into: Path) -> Path:
    """Copy the spec's directory at a revision, without touching the working tree."""
    if revision.startswith("-"):
        refuse(f"--rev {revision}: not a revision")
    directory = spec.resolve().parent
    done = subprocess.run(
        ["git", "-C", str(directory), "archive", "--format=tar", revision, "."],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        refuse(f"git: {done.stderr.decode('utf-8', 'replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive.getmembers():
            # git writes relative paths without `..`; links are not followed into a spec.
            content = archive.extractfile(member) if member.isfile() else None
            if content:
                target = into / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
    return into / spec.name
