"""The rendered tree on disk: staged, compared with the last render, renamed into place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from mailconf.disk.folder import Folder
from mailconf.engine.build import UnusableSpecError
from mailconf.engine.containment import contained
from mailconf.engine.manifest import MANIFEST, digest, manifest
from mailconf.engine.recorded import PENDING, PRIVATE_DIGESTS, Recorded, recorded
from mailconf.engine.references import refuse_unusable
from mailconf.engine.refused import refusal
from mailconf.engine.secrets import Secrets
from mailconf.formats.paths import PathRefusedError
from mailconf.model.artifact import HOSTS, Artifact
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Build

STAGE = ".mailconf-stage"
PUBLIC_MODE, SECRET_MODE = 0o644, 0o600

EDITED = Rule(
    code="CFG040",
    name="file-edited-by-hand",
    severity=Severity.ERROR,
    message="{path} was modified after mailconf wrote it; it is left unchanged",
    fix="move the change into the spec or a template, or overwrite it with --force",
)
FOREIGN = Rule(
    code="CFG041",
    name="file-not-managed",
    severity=Severity.ERROR,
    message="{path} exists but was not written by mailconf; it is left unchanged",
    fix="render into another directory, or overwrite it with --force",
)
LEFT_OVER = Rule(
    code="CFG063",
    name="file-left-over",
    severity=Severity.WARNING,
    message="{path} is no longer rendered and is kept: {why}",
    fix="remove it by hand",
)
USUAL = frozenset({HOSTS, "dns"})
"""Folders of the tree from which files are removed in any case; others when they are rendered into."""


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

    Raises UnusableSecretsError, with a finding for every reference that yields no usable value, and
    UnusableSpecError where a plugin breaks.
    """
    texts, secret, skipped = {}, [], []
    findings: list[Finding] = []
    broken: list[Finding] = []
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
            findings += _reviewed(artifact, texts[path], broken)
    if broken:
        raise UnusableSpecError(broken)
    texts[MANIFEST] = manifest(build)
    placed = tuple(finding.placed(build.places.of(finding.where)) for finding in findings)
    return Tree(texts, frozenset(secret), tuple(skipped), placed)


def _reviewed(artifact: Artifact, text: str, broken: list[Finding]) -> Iterator[Finding]:
    """Yield what is wrong with a file now that it has its secrets."""
    review = artifact.order.review
    part, call = f"review of {artifact.order.path}", partial(review, text) if review else tuple
    return contained(artifact.source, part, Finding, [call], broken)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a tree differs from a folder, and what of the folder is refused."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    known: Recorded
    refused: frozenset[str] = frozenset()
    """Paths of the tree that lead through a link, or to what is no regular file."""


def compare(wanted: Tree, folder: Folder) -> Comparison:
    """Compare a tree with a folder; files that mailconf never wrote are left out."""
    known = recorded(folder, len(wanted.texts[MANIFEST]))
    found: list[Change] = []
    refused: dict[str, PathRefusedError] = {}
    for path, text in sorted(wanted.texts.items()):
        try:
            old = folder.text(path)
        except FileNotFoundError:
            found.append(Change(path, "new", new=text, is_secret=path in wanted.secret))
        except PathRefusedError as why:
            refused[path] = why
        else:
            # What no record names may hold anything, and a copied tree has lost its modes.
            is_named = path in known.digests or path == MANIFEST
            was = path in known.secret or not is_named
            is_secret = was or path in wanted.secret
            found += [Change(path, "changed", old, text, is_secret)] if old != text else []
    removed, kept = _gone(wanted, folder, known)
    told = {why.path: refusal(why) for why in refused.values()}
    findings = (*told.values(), *(f for f in known.findings if f.subject not in told), *kept)
    return Comparison((*found, *removed), findings, known, frozenset(refused))


def _gone(wanted: Tree, folder: Folder, known: Recorded) -> tuple[list[Change], list[Finding]]:
    """Return what is to be removed: only what lies there as mailconf left it."""
    removed, kept = [], []
    # On a disk without case two spellings are one file.
    rendered = {path.casefold() for path in (*wanted.texts, *wanted.skipped)}
    tops = USUAL | {path.partition("/")[0] for path in wanted.texts}
    for path in sorted(known.digests):
        if path.casefold() in rendered:
            continue
        try:
            old = folder.text(path)
        except FileNotFoundError:
            continue
        except PathRefusedError as why:
            kept.append(refusal(why))
            continue
        why_kept = _why_kept(path, old, known, tops)
        if why_kept:
            kept.append(LEFT_OVER.at(path, path=path, why=why_kept))
        else:
            removed.append(Change(path, "removed", old, is_secret=path in known.secret))
    return removed, kept


def _why_kept(path: str, old: str, known: Recorded, tops: frozenset[str]) -> str:
    top = path.partition("/")[0]
    if top not in tops:
        return f"the spec renders nothing into {top}"
    return "" if known.wrote(path, old) else "it is not what mailconf wrote"


def hand_edits(differing: Iterable[Change], known: Recorded) -> list[Finding]:
    """Return a finding for every differing file that is not as the last render left it."""
    findings = []
    for change in differing:
        if change.kind == "new" or change.path == MANIFEST or known.wrote(change.path, change.old):
            continue
        rule = EDITED if known.digests.get(change.path) else FOREIGN
        findings.append(rule.at(change.path, path=change.path))
    return findings


def write(wanted: Tree, compared: Comparison, folder: Folder, keep: Iterable[str]) -> list[str]:
    """Carry out the changes but for the paths in `keep`; returns the paths written or removed.

    Everything is staged, synced and noted first; then each file is renamed, the manifest last. An
    interruption leaves old or new files, never half of one, and the next render knows both.
    """
    kept = set(keep)
    due = [change for change in compared.changes if change.path not in kept]
    notes = _Notes(folder, compared.known, wanted.secret)
    folder.make()
    folder.forget()
    folder.remove_tree(STAGE)
    for change in due:
        if change.kind != "removed":
            mode = SECRET_MODE if change.path in wanted.secret else PUBLIC_MODE
            folder.write(f"{STAGE}/{change.path}", change.new.encode(), mode)
    notes.before(due)
    due.sort(key=lambda change: change.path == MANIFEST)
    for change in due:
        _put(change, folder)
    if MANIFEST not in kept | compared.refused:
        notes.after(due, kept)
    folder.remove_tree(STAGE)
    return [change.path for change in due]


def _put(change: Change, folder: Folder) -> None:
    if change.kind == "removed":
        folder.remove(change.path)
    else:
        folder.rename(f"{STAGE}/{change.path}", change.path)


class _Notes:
    """Digests beside the manifest: of secret files for good, of others while they are written."""

    def __init__(self, folder: Folder, known: Recorded, secret: frozenset[str]) -> None:
        self._folder, self._secret = folder, secret
        self._private, self._pending = dict(known.private), dict(known.pending)
        self._there = {PRIVATE_DIGESTS: dict(known.private), PENDING: dict(known.pending)}

    def before(self, due: Iterable[Change]) -> None:
        """Note what every file may become, beside what it was."""
        for change in due:
            if change.kind != "removed" and change.path != MANIFEST:
                notes = self._private if change.path in self._secret else self._pending
                notes[change.path] = (*notes.get(change.path, ()), digest(change.new))
        self._keep(PRIVATE_DIGESTS, self._private)
        self._keep(PENDING, self._pending)

    def after(self, due: Iterable[Change], kept: set[str]) -> None:
        """Note what every file is, now that the manifest says so too; files in `kept` stay open."""
        for change in due:
            self._private.pop(change.path, None)
            if change.kind != "removed" and change.path in self._secret:
                self._private[change.path] = (digest(change.new),)
        self._keep(PRIVATE_DIGESTS, self._private)
        self._keep(PENDING, {path: v for path, v in self._pending.items() if path in kept})

    def _keep(self, name: str, notes: Mapping[str, tuple[str, ...]]) -> None:
        if not notes:
            with suppress(FileNotFoundError):
                self._folder.remove(name)
        if not notes or notes == self._there[name]:
            return
        body = {path: found[0] if len(found) == 1 else found for path, found in notes.items()}
        text = json.dumps(body, indent=2, sort_keys=True) + "\n"
        self._folder.write(f"{STAGE}/{name}", text.encode(), SECRET_MODE)
        self._folder.rename(f"{STAGE}/{name}", name)
        self._folder.sync()
        self._there[name] = dict(notes)
