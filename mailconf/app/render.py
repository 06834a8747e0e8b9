"""Rendering a spec into a directory, or comparing it with what is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from mailconf.app.errors import refuse, stop_at_errors
from mailconf.app.loading import trust_in, usable
from mailconf.disk.folder import Folder
from mailconf.engine.ignoring import ignore, is_in_git
from mailconf.engine.manifest import MANIFEST
from mailconf.engine.recorded import PRIVATE_DIGESTS
from mailconf.engine.secrets import Secrets
from mailconf.engine.write import STAGE, Change, Comparison, Tree, compare, hand_edits, tree, write
from mailconf.model.finding import Finding
from mailconf.model.hiding import SECRETS


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """What to render where; `only` are patterns of paths, `force` overwrites what people changed.

    `secrets` writes files that contain secrets as well. With `compare_only` nothing is written.
    """

    spec: Path
    output: Path
    env: str = ""
    templates: Path | None = None
    force: bool = False
    secrets: bool = False
    only: tuple[str, ...] = ()
    untrusted: bool = False
    compare_only: bool = False


@dataclass(frozen=True, slots=True)
class RenderResult:
    """How a rendered tree differs from what was there, and what was done about it.

    `chosen` are the changes that were, or would be, written; `findings` say what was not. `ignored`
    tells whether secret files were added to .gitignore.
    """

    differing: Sequence[Change]
    chosen: Sequence[Change]
    manifest: str
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    written: Sequence[str] = ()
    skipped: Sequence[str] = field(default_factory=tuple)
    ignored: bool = False


def render(options: RenderOptions) -> RenderResult:
    """Write the tree of a spec; raises CommandError, SpecErrorsError, OSError and what reading a spec raises."""
    if options.output.exists() and not options.output.is_dir():
        refuse(f"{options.output} is not a directory")
    if options.untrusted and options.secrets:
        refuse("--secrets writes what the spec refers to; leave it out with --untrusted")
    trust = trust_in(options.untrusted)
    _, build = usable(options.spec, options.env, options.templates, trust=trust)
    wanted = tree(build, Secrets(options.spec.parent, SECRETS) if options.secrets else None)
    stop_at_errors(wanted.findings)
    if not options.output.exists():
        _refuse_unmatched(options, wanted, ())
    with Folder(options.output) as folder:
        if not options.compare_only:
            folder.make()
            folder.claim()
        return _compared(options, wanted, folder)


def _compared(options: RenderOptions, wanted: Tree, folder: Folder) -> RenderResult:
    compared = compare(wanted, folder)
    _refuse_unmatched(options, wanted, compared.changes)
    differing = [c for c in compared.changes if _is_wanted(c.path, options.only)]
    edits = [] if options.force else hand_edits(differing, compared.known)
    kept = {edit.subject for edit in edits}
    chosen = [change for change in differing if change.path not in kept]
    result = RenderResult(
        differing, chosen, wanted.texts[MANIFEST], (*compared.findings, *edits), wanted.findings
    )
    return result if options.compare_only else _written(options, wanted, compared, folder, result)


def _written(
    options: RenderOptions, wanted: Tree, compared: Comparison, folder: Folder, result: RenderResult
) -> RenderResult:
    chosen = {change.path for change in result.chosen}
    kept = {change.path for change in compared.changes} - chosen
    ignored = _keep_out_of_git(options, wanted)
    written = write(wanted, compared, folder, kept)
    skipped = [path for path in wanted.skipped if _is_wanted(path, options.only)]
    return RenderResult(
        result.differing, result.chosen, result.manifest, result.findings, result.warnings,
        written, skipped, ignored,
    )  # fmt: skip


def _refuse_unmatched(options: RenderOptions, wanted: Tree, differing: Iterable[Change]) -> None:
    """Refuse a pattern of `only` that matches no path that is rendered, nor one that is removed."""
    paths = (*wanted.texts, *wanted.skipped, *(change.path for change in differing))
    for pattern in options.only:
        if not any(fnmatchcase(path, pattern) for path in paths):
            refuse(f"--only {pattern}: no path of the tree matches")


def _keep_out_of_git(options: RenderOptions, wanted: Tree) -> bool:
    """Name the secret files in a .gitignore before they are written, where git would take them."""
    if not wanted.secret or not is_in_git(options.output):
        return False
    return ignore(options.output, (*wanted.secret, PRIVATE_DIGESTS, STAGE))


def _is_wanted(path: str, only: tuple[str, ...]) -> bool:
    return not only or any(fnmatchcase(path, pattern) for pattern in only)
