"""What verify asks: every record for free, then the checks of every plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from itertools import chain
from typing import Any

from mailconf.engine.build import Enabled, enable, with_settings
from mailconf.engine.containment import BROKEN, contained, items
from mailconf.engine.parse import Parsed
from mailconf.engine.published import record_jobs
from mailconf.engine.run import Job, asking, broken
from mailconf.formats.names import is_under
from mailconf.model.finding import Finding
from mailconf.model.outcome import Build
from mailconf.model.place import Places
from mailconf.model.plugin import Check
from mailconf.model.world import World


def jobs(
    parsed: Parsed,
    build: Build,
    world: World,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
) -> Iterator[Job]:
    """Yield every check of a build as a job: those that match an `only` pattern and no `skip` pattern."""
    wanted, unwanted = tuple(only), tuple(skip)
    records = record_jobs(build.records, world, build.places)
    for job in chain(records, _broken_facets(build), _plugin_jobs(parsed, build, world)):
        if (not wanted or _matches(job, wanted)) and not _matches(job, unwanted):
            yield job


def _matches(job: Job, patterns: tuple[str, ...]) -> bool:
    """A pattern is a shell glob over the check's id, its plugin, or a word of its subject.

    A name in the subject matches that of a domain above it, too.
    """
    names = (job.check, job.check.partition(".")[0], job.subject)
    words = [word.rstrip(".") for word in job.subject.replace("://", " ").split()]
    hosts = [word.partition(":")[0] for word in words]
    return any(fnmatchcase(n, p) for n in (*names, *words, *hosts) for p in patterns) or any(
        "." in p and is_under(host, p) for host in hosts for p in patterns
    )


def _broken_facets(build: Build) -> Iterator[Job]:
    """Yield a job for each plugin that broke when the spec was built: it has crashed."""
    for finding in build.findings:
        if finding.rule is BROKEN:
            name, part = finding.subject, str(finding.facts["part"])
            yield broken(name, f"{name}.plugin", part, finding, build.places)


def _plugin_jobs(parsed: Parsed, build: Build, world: World) -> Iterator[Job]:
    for one in _enabled(parsed, build):
        for check in one.plugin.checks:
            yield from check_jobs(one, check, build.places, world)


def check_jobs(one: Enabled, check: Check[Any], places: Places, world: World) -> Iterator[Job]:
    """Yield a job for every subject of a check; one has crashed where the subjects break."""
    name, bugs = one.plugin.name, list[Finding]()

    def named() -> Iterator[tuple[Any, str]]:
        return ((subject, str(subject)) for subject in items(check.subjects(one.view)))

    part = f"check {check.id}, subjects"
    for subject, text in contained(one.plugin, part, tuple, [named], bugs):
        run = partial(check.run, one.view, subject)
        job = asking(check.id, text, run, places, world)
        yield replace(job, intrusive=check.intrusive, plugin=name)
    for finding in bugs:
        yield broken(name, check.id, "subjects", finding, places)


def _enabled(parsed: Parsed, build: Build) -> list[Enabled]:
    enabled, _ = with_settings(build.spec, enable(parsed, build.spec))
    return [replace(one, view=replace(one.view, records=build.records)) for one in enabled]
