"""What verify asks: every record for free, then the checks of every plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from mailconf.engine.compare import record_sets
from mailconf.engine.containment import BROKEN, contained, items
from mailconf.engine.parse import Parsed
from mailconf.engine.record_check import RECORD_CHECK, Teller, record_job, teller_of
from mailconf.engine.renamed_checks import former_ids
from mailconf.engine.run import Job, asking, broken
from mailconf.engine.selection import Selection
from mailconf.model.finding import Finding
from mailconf.model.outcome import Build
from mailconf.model.place import Places
from mailconf.model.plugin import Check, Plugin, View
from mailconf.model.world import World


class Question(NamedTuple):
    """A check of one subject, before it is asked of any world.

    It is a record set without a check, and what broke when the subject is a finding.
    """

    subject: Any
    text: str
    check: str
    asked: tuple[Check[Any], View[Any], str] | None = None


def questions(
    parsed: Parsed, build: Build, only: Iterable[str] = (), skip: Iterable[str] = ()
) -> list[Question]:
    """Return every check of a build: those that match an `only` pattern and no `skip` pattern."""
    ids = {check.id for plugin in parsed.plugins.values() for check in plugin.checks}
    wanted = Selection(only, skip, {RECORD_CHECK, *ids}, former_ids(parsed.plugins.values()))
    return [*_of_records(build, wanted), *_of_plugins(parsed, build, wanted)]


def _of_records(build: Build, wanted: Selection) -> Iterator[Question]:
    if wanted.has(RECORD_CHECK):
        is_whole = wanted.takes_every(RECORD_CHECK)
        for one in record_sets(build.records):
            if is_whole or wanted.takes(RECORD_CHECK, str(one)):
                yield Question(one, "", RECORD_CHECK)


def _of_plugins(parsed: Parsed, build: Build, wanted: Selection) -> Iterator[Question]:
    for finding in build.findings:
        if finding.rule is BROKEN:
            check, part = f"{finding.subject}.plugin", str(finding.facts["part"])
            if wanted.has(check) and wanted.takes(check, part):
                yield Question(finding, part, check)
    for plugin in parsed.plugins.values():
        for one in plugin.checks:
            if wanted.has(one.id):
                found = of_check(plugin, one, build.views[plugin.name])
                is_whole = wanted.takes_every(one.id)
                yield from (q for q in found if is_whole or wanted.takes(one.id, q.text))


def of_check(plugin: Plugin[Any], check: Check[Any], view: View[Any]) -> Iterator[Question]:
    """Yield every subject of a check; what broke where the subjects break."""
    bugs = list[Finding]()

    def named() -> Iterator[tuple[Any, str]]:
        return ((subject, str(subject)) for subject in items(check.subjects(view)))

    asked, part = (check, view, plugin.name), f"check {check.id}, subjects"
    for subject, text in contained(plugin, part, tuple, [named], bugs):
        yield Question(subject, text, check.id, asked)
    for finding in bugs:
        yield Question(finding, "subjects", check.id)


def jobs(
    parsed: Parsed,
    build: Build,
    world: World,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
) -> Iterator[Job]:
    """Yield every check of a build as a job."""
    return jobs_of(questions(parsed, build, only, skip), build.places, world)


def jobs_of(found: Iterable[Question], places: Places, world: World) -> Iterator[Job]:
    """Yield questions as jobs, made when they are wanted: together they may not fit into memory."""
    teller = teller_of(world)
    return (_job(question, places, world, teller) for question in found)


def _job(question: Question, places: Places, world: World, teller: Teller | None) -> Job:
    subject, text, check, asked = question
    if asked:
        of, view, name = asked
        job = asking(check, text, partial(of.run, view, subject), places, world)
        return replace(job, intrusive=of.intrusive, plugin=name)
    if isinstance(subject, Finding):
        return broken(str(subject.facts["plugin"]), check, text, subject, places)
    return record_job(subject, world, teller, places)
