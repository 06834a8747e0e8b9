"""Which steps there are, which of them are taken, and what becomes of the key file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path as File
from typing import Any

from mailconf.disk.folder import Folder
from mailconf.engine.build import UnusableSpecError, enable, facet, with_requests
from mailconf.engine.differences import unified_texts
from mailconf.engine.keys import key_text
from mailconf.engine.load import key_file
from mailconf.engine.merge import overlay
from mailconf.engine.parse import Parsed
from mailconf.engine.yaml_reader import read_below
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path, Places
from mailconf.model.spec import Spec
from mailconf.model.step import Step, Tree, stamped

ELSEWHERE = Rule(
    code="CFG060",
    name="step-needs-manual-edit",
    severity=Severity.WARNING,
    found_by="keys",
    message='{about}: cannot take the step "{next}": {path} is set in {file}, which mailconf does not edit',
    fix="change the value in that file, or move it to the key file",
)


def steps(parsed: Parsed, spec: Spec) -> list[Step]:
    """Return every step that may come next; raises UnusableSpecError where a plugin breaks."""
    enabled, _ = with_requests(spec, enable(parsed, spec))
    found = [step for one in enabled for step in facet(one, "steps", spec)]
    broken = [bug for one in enabled for bug in one.broken]
    if broken:
        raise UnusableSpecError(broken)
    return found


def due(found: Iterable[Step], now: datetime, begin: bool) -> Iterator[Step]:
    """Yield one step for each subject that may be taken now.

    What begins something anew waits until it is due, unless to `begin` is asked for.
    """
    taken: set[str] = set()
    for step in found:
        is_wanted = not step.begins or begin or step.is_late(now)
        can_be_taken = step.edit is not None or step.key is not None
        if step.subject not in taken and step.is_safe(now) and is_wanted and can_be_taken:
            taken.add(step.subject)
            yield step


def too_early(found: Iterable[Step], now: datetime) -> Iterator[Finding]:
    """Yield the steps that are not safe yet, each with its date."""
    return (step.early for step in found if step.early and not step.is_safe(now))


def overdue(found: Iterable[Step], now: datetime) -> Iterator[Finding]:
    """Yield the steps that should have been taken."""
    return (step.late for step in found if step.late and step.is_late(now))


def by_hand(step: Step, places: Places, spec: File) -> Finding | None:
    """Say where an edit would contradict a file of the operator's; None when it does not."""
    for path in _leaves(step.edit or {}):
        place = places.by_path.get(path)
        if place and File(place.file).name != key_file(spec).name:
            facts = {"about": step.subject, "next": step.next, "path": ".".join(map(str, path))}
            return ELSEWHERE.at(step.subject, path, file=place.file, **facts).placed(place)
    return None


def _leaves(tree: Tree, above: Path = ()) -> Iterator[Path]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key)


def edited(spec: File, edits: Iterable[Tree], now: datetime) -> tuple[str, str]:
    """Return the key file's text as it is and as it becomes; raises SpecFileError."""
    name = key_file(spec).name
    with Folder(spec.parent) as folder:
        is_there = name in folder.names()
        data: dict[str, Any] = read_below(folder, name)[0] if is_there else {}
        before = folder.text(name) if is_there else ""
    for edit in edits:
        data = overlay(data, stamped(edit, now))
    return before, key_text(data)


def difference(spec: File, before: str, after: str) -> str:
    """Return a unified diff of the key file."""
    name = key_file(spec).name
    return unified_texts(before, after, name, name)
