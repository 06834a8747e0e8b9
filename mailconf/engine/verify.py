"""What verify asks: every record for free, then the checks of every plugin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial

from mailconf.engine.build import Enabled, enable, with_settings
from mailconf.engine.parse import Parsed
from mailconf.engine.run import Job
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Build
from mailconf.model.place import Places
from mailconf.model.record import Record, meaning, txt_kind
from mailconf.model.world import Answer, World

RECORD_CHECK = "dns.record"
MISSING = Rule(
    code="DNS010",
    name="record-missing",
    severity=Severity.ERROR,
    message="{type} {want} is not published, found {got}",
    fix="publish: {record}",
)
DIFFERS = Rule(
    code="DNS011",
    name="record-differs",
    severity=Severity.ERROR,
    message="{type} is {got}, the spec wants {want}",
    fix="publish: {record}",
)
UNDECLARED = Rule(
    code="DNS012",
    name="record-undeclared",
    severity=Severity.ERROR,
    message="{type} {got} is published, the spec does not declare it",
    fix="remove the record, or declare what it stands for",
    ref="RFC 5321 §5.1, RFC 7208 §4.5, RFC 6376 §3.6.2.2, RFC 9989 §4.10",
)


@dataclass(frozen=True, slots=True)
class RecordSet:
    """All records that the spec wants of one type at one name."""

    name: str
    type: str
    records: tuple[Record, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.type}"


def jobs(parsed: Parsed, build: Build, world: World, only: Iterable[str] = ()) -> list[Job]:
    """Return every check of a build as a job, or those that match one of the `only` patterns."""
    found = [*_record_jobs(build, world), *_plugin_jobs(parsed, build, world)]
    patterns = tuple(only)
    return [job for job in found if not patterns or _matches(job, patterns)]


def _matches(job: Job, patterns: tuple[str, ...]) -> bool:
    """A pattern is a shell glob over the check's id, its plugin, or a word of its subject."""
    names = (job.check, job.check.partition(".")[0], job.subject)
    words = [word.rstrip(".") for word in job.subject.replace("://", " ").split()]
    return any(fnmatchcase(name, p) for name in (*names, *words) for p in patterns)


def _record_jobs(build: Build, world: World) -> Iterator[Job]:
    sets: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in build.records:
        sets[record.name, record.type].append(record)
    for (name, rtype), records in sets.items():
        wanted = RecordSet(name, rtype, tuple(records))
        run = partial(_placed, build.places, partial(records_are_published, wanted, world))
        yield Job(RECORD_CHECK, str(wanted), run)


def _plugin_jobs(parsed: Parsed, build: Build, world: World) -> Iterator[Job]:
    for one in _enabled(parsed, build):
        for check in one.plugin.checks:
            for subject in check.subjects(one.view):
                asked = partial(check.run, one.view, subject, world)
                yield Job(check.id, str(subject), partial(_placed, build.places, asked))


def _enabled(parsed: Parsed, build: Build) -> list[Enabled]:
    enabled, _ = with_settings(build.spec, enable(parsed, build.spec))
    return [replace(one, view=replace(one.view, records=build.records)) for one in enabled]


async def _placed(places: Places, run: partial[AsyncIterator[Finding]]) -> AsyncIterator[Finding]:
    """Give live findings the spec line that asked for the thing."""
    async for finding in run():
        yield finding if finding.place else finding.placed(places.of(finding.where))


async def records_are_published(wanted: RecordSet, world: World) -> AsyncIterator[Finding]:
    """Ask for a record set and compare what it means, not how it is spelled."""
    answer = await world.dns(wanted.name, wanted.type)
    if await _is_equal_address(wanted, answer, world):
        return
    published = {meaning(wanted.name, wanted.type, value): value for value in answer.values}
    declared = {record.meaning: record for record in wanted.records}
    rivals = _rivals(wanted, published, declared)
    for record in (r for m, r in declared.items() if m not in published):
        rule = DIFFERS if rivals else MISSING
        got = ", ".join(sorted(rivals or answer.values)) or "nothing"
        facts = {"type": record.type, "got": got, "want": record.value, "record": str(record)}
        yield rule.at(record.name, record.where, **facts)
    if declared.keys() <= published.keys():
        for value in sorted(rivals):
            where = wanted.records[0].where
            yield UNDECLARED.at(wanted.name, where, type=wanted.type, got=value)


def _rivals(
    wanted: RecordSet, published: dict[Hashable, str], declared: dict[Hashable, Record]
) -> list[str]:
    """Return published values that compete with ours: not every foreign TXT does."""
    foreign = [value for meant, value in published.items() if meant not in declared]
    if wanted.type != "TXT":
        return foreign
    kinds = {txt_kind(wanted.name, record.value) for record in wanted.records}
    # A key or policy name holds nothing else (RFC 6376 §3.6.2.2); the apex may hold anything.
    return [value for value in foreign if txt_kind(wanted.name, value) in kinds]


async def _is_equal_address(wanted: RecordSet, answer: Answer, world: World) -> bool:
    """Accept addresses in place of a declared alias when they are those of its target."""
    if wanted.type != "CNAME" or answer.values:
        return False
    target = wanted.records[0].value
    found = [
        (set((await world.dns(name, rtype)).values), rtype)
        for rtype in ("A", "AAAA")
        for name in (wanted.name, target)
    ]
    ours, theirs = found[0::2], found[1::2]
    return ours == theirs and any(values for values, _ in ours)
