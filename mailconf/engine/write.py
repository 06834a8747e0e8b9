"""The rendered tree on disk: staged, compared with the last render, renamed into place."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as File

from mailconf.engine.manifest import MANIFEST, digest, known_digests, manifest
from mailconf.engine.references import refuse_unusable
from mailconf.engine.secrets import Secrets
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Build

STAGE = ".mailconf-stage"
PRIVATE_DIGESTS = ".mailconf-secrets"
"""What was written into secret files, as digests, mode 0600: the manifest must not hold them."""
PUBLIC_MODE, SECRET_MODE = 0o644, 0o600

EDITED = Rule(
    code="CFG040",
    name="file-edited-by-hand",
    severity=Severity.ERROR,
    message="{path} was changed since mailconf wrote it and is kept as it is",
    fix="move the change into the spec or a template, or overwrite it with --force",
)
FOREIGN = Rule(
    code="CFG041",
    name="file-not-ours",
    severity=Severity.ERROR,
    message="{path} exists and was not written by mailconf; it is kept as it is",
    fix="render into another directory, or overwrite it with --force",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs between the tree on disk and the build."""

    path: str
    kind: str
    """`new`, `changed` or `removed`."""
    old: str = ""
    new: str = ""
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a build as they will lie on disk, manifest included."""

    texts: dict[str, str]
    secret: frozenset[str]
    skipped: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    """What is wrong with values that stood behind references; the values themselves are not told."""


def tree(build: Build, secrets: Secrets | None) -> Tree:
    """Return the texts by path; without `secrets` the secret files are skipped.

    Raises UnusableSecretsError, with a finding for every reference that yields no usable value.
    """
    texts, secret, skipped = {}, [], []
    findings: list[Finding] = []
    if secrets:
        refuse_unusable(build, secrets)
    for artifact in build.artifacts:
        path = str(artifact.path)
        if artifact.is_secret and secrets is None:
            skipped.append(path)
            continue
        texts[path] = secrets.reveal(artifact.text) if secrets else artifact.text
        if artifact.is_secret:
            secret.append(path)
            findings += artifact.order.review(texts[path]) if artifact.order.review else ()
    texts[MANIFEST] = manifest(build)
    placed = tuple(finding.placed(build.places.of(finding.where)) for finding in findings)
    return Tree(texts, frozenset(secret), tuple(skipped), placed)


def changes(wanted: Tree, root: File) -> list[Change]:
    """Compare a tree with a directory; files that mailconf never wrote are left out."""
    known = known_digests(root)
    secret = _secret_paths(wanted, root, known)
    found = [_change(p, text, root / p, p in secret) for p, text in sorted(wanted.texts.items())]
    gone = known.keys() - wanted.texts.keys() - set(wanted.skipped)
    removed = [
        Change(path, "removed", old=_read(root / path), is_secret=path in secret)
        for path in sorted(gone)
        if (root / path).is_file()
    ]
    return [change for change in found if change] + removed


def _secret_paths(wanted: Tree, root: File, known: Mapping[str, str]) -> frozenset[str]:
    """Return the paths that hold secrets on either side: what was one stays one in a difference.

    The manifest holds no digest of a secret file. Of a file that no manifest names, the mode says
    whether it was written as one.
    """
    before = {path for path, sha256 in known.items() if not sha256} | _secret_digests(root).keys()
    private = {p for p in wanted.texts.keys() - known.keys() if _is_private(root / p)}
    return wanted.secret | before | private


def _is_private(file: File) -> bool:
    return file.is_file() and not file.stat().st_mode & 0o077


def _change(path: str, new: str, file: File, is_secret: bool) -> Change | None:
    if not file.is_file():
        return Change(path, "new", new=new, is_secret=is_secret)
    old = _read(file)
    return Change(path, "changed", old, new, is_secret) if old != new else None


def _read(file: File) -> str:
    return file.read_text(encoding="utf-8", errors="backslashreplace")


def hand_edits(differing: Iterable[Change], root: File) -> list[Finding]:
    """Return a finding for every differing file that is not as the last render left it."""
    private, named = _secret_digests(root), known_digests(root)
    # A digest of a file that is no secret any more is out of date.
    known = private | {path: d for path, d in named.items() if d or path not in private}
    findings = []
    for change in differing:
        if change.kind == "new" or change.path == MANIFEST:
            continue
        if change.path not in known:
            findings.append(FOREIGN.at(change.path, path=change.path))
        elif known[change.path] not in ("", digest(change.old)):
            findings.append(EDITED.at(change.path, path=change.path))
    return findings


def write(wanted: Tree, differing: Iterable[Change], root: File, keep: Iterable[str]) -> list[str]:
    """Carry out the changes but for the paths in `keep`; returns the paths written or removed.

    Everything is staged and synced first; then each file is renamed, the manifest last, so that
    an interruption leaves old or new files, never half of one.
    """
    kept = set(keep)
    due = [change for change in differing if change.path not in kept]
    stage = root / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    for change in due:
        if change.kind != "removed":
            mode = SECRET_MODE if change.path in wanted.secret else PUBLIC_MODE
            _stage(stage / change.path, change.new, mode)
    due.sort(key=lambda change: change.path == MANIFEST)
    for change in due:
        _put(change, stage, root)
    _remember(root, {c.path: digest(c.new) for c in due if c.path in wanted.secret})
    shutil.rmtree(stage, ignore_errors=True)
    return [change.path for change in due]


def _secret_digests(root: File) -> dict[str, str]:
    try:
        found = json.loads((root / PRIVATE_DIGESTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remember(root: File, written: dict[str, str]) -> None:
    if written:
        text = json.dumps(_secret_digests(root) | written, indent=2, sort_keys=True) + "\n"
        _stage(root / STAGE / PRIVATE_DIGESTS, text, SECRET_MODE)
        (root / STAGE / PRIVATE_DIGESTS).replace(root / PRIVATE_DIGESTS)


def _stage(file: File, text: str, mode: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    file.chmod(mode)


def _put(change: Change, stage: File, root: File) -> None:
    target = root / change.path
    if change.kind == "removed":
        target.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    (stage / change.path).replace(target)
