"""Comparing what a spec renders with a directory or with an older spec."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mailconf.app.errors import refuse, stop_at_errors
from mailconf.app.loading import built, trust_in
from mailconf.disk.folder import Folder
from mailconf.disk.revision import RevisionError, files_at
from mailconf.engine.build import UnusableSpecError
from mailconf.engine.containment import BROKEN
from mailconf.engine.manifest import MANIFEST
from mailconf.engine.texts import SpecFileError
from mailconf.engine.write import Change, Tree, compare, tree
from mailconf.formats.paths import PathRefusedError, relative_parts
from mailconf.model.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """What to compare with: a rendered tree, or the spec at a git `revision`."""

    spec: Path
    output: Path | None = None
    revision: str = ""
    env: str = ""
    templates: Path | None = None
    untrusted: bool = False


@dataclass(frozen=True, slots=True)
class DiffResult:
    """The changes, what is wrong with the tree, and the manifest of the spec as it is now."""

    changes: Sequence[Change]
    findings: tuple[Finding, ...]
    manifest: str


def diff(options: DiffOptions) -> DiffResult:
    """Return how rendered files differ; raises CommandError, OSError and what reading a spec raises."""
    if bool(options.output) == bool(options.revision):
        refuse("specify exactly one of -o DIR and --rev REV")
    if options.output and not options.output.is_dir():
        refuse(f"{options.output} is not a directory")
    new = _tree(options, options.spec)
    if options.output:
        with Folder(options.output) as folder:
            compared = compare(new, folder)
        return DiffResult(compared.changes, compared.findings, new.texts[MANIFEST])
    return DiffResult(_since(options, new.texts), (), new.texts[MANIFEST])


def _tree(options: DiffOptions, spec: Path) -> Tree:
    _, build = built(spec, options.env, options.templates, trust=trust_in(options.untrusted))
    stop_at_errors([f for f in build.findings if f.rule is BROKEN])
    return tree(build, None)


def _since(options: DiffOptions, new: dict[str, str]) -> list[Change]:
    """Render the spec as it was at a revision, beside the one of today."""
    with tempfile.TemporaryDirectory() as name, _at_revision(options.revision, Path(name)):
        old = _tree(options, _checked_out(options.spec, options.revision, Path(name))).texts
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
