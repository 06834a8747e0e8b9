"""What verify asks: every record for free, then the checks of every plugin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from itertools import chain

from mailconf.engine.build import Enabled, enable, with_settings
from mailconf.engine.compare import RecordSet, compare, is_spelled_alike, record_sets
from mailconf.engine.parse import Parsed
from mailconf.engine.run import Job, asking
from mailconf.formats.names import is_under
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Build
from mailconf.model.record import meaning
from mailconf.model.world import Answer, CannotTell, World

RECORD_CHECK = "dns.record"
MISSING = Rule(
    code="DNS010",
    name="record-missing",
    severity=Severity.ERROR,
    message="{type} {want} is not published, found {got}",
    expected="{record}",
    fix="publish: {record}",
)
DIFFERS = Rule(
    code="DNS011",
    name="record-differs",
    severity=Severity.ERROR,
    message="{type} is {got}, the spec wants {want}",
    expected="{record}",
    fix="publish: {record}",
)
QUOTED = Rule(
    code="DNS002",
    name="text-quoted-twice",
    severity=Severity.ERROR,
    message="{got} is published with quotes inside: nobody reads it",
    expected="the value without quotes",
    fix="enter the value without quotes; the panel adds its own",
    ref="RFC 1035 §5.1",
)
BEHIND = Rule(
    code="DNS013",
    name="name-servers-differ",
    severity=Severity.WARNING,
    message="{type} is right at {right}, and not at {wrong}",
    expected="the same {type} at every server of the zone",
    fix="have the zone transferred: look at its serial number, NOTIFY and the servers' logs",
    ref="RFC 1034 §4.3.5, RFC 1996",
)
UNDECLARED = Rule(
    code="DNS012",
    name="record-undeclared",
    severity=Severity.ERROR,
    message="{type} {got} is published, the spec does not declare it",
    expected="no {type} but what the spec declares",
    fix="remove the record, or declare what it stands for",
    ref="RFC 5321 §5.1, RFC 7208 §4.5, RFC 6376 §3.6.2.2, RFC 9989 §4.10",
)


def jobs(
    parsed: Parsed,
    build: Build,
    world: World,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
) -> Iterator[Job]:
    """Yield every check of a build as a job: those that match an `only` pattern and no `skip` pattern."""
    wanted, unwanted = tuple(only), tuple(skip)
    for job in chain(_record_jobs(build, world), _plugin_jobs(parsed, build, world)):
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


def _record_jobs(build: Build, world: World) -> Iterator[Job]:
    for wanted in record_sets(build.records):
        run = partial(records_are_published, wanted)
        yield asking(RECORD_CHECK, str(wanted), run, build.places, world)


def _plugin_jobs(parsed: Parsed, build: Build, world: World) -> Iterator[Job]:
    for one in _enabled(parsed, build):
        for check in one.plugin.checks:
            for subject in check.subjects(one.view):
                run = partial(check.run, one.view, subject)
                job = asking(check.id, str(subject), run, build.places, world)
                yield replace(job, intrusive=check.intrusive)


def _enabled(parsed: Parsed, build: Build) -> list[Enabled]:
    enabled, _ = with_settings(build.spec, enable(parsed, build.spec))
    return [replace(one, view=replace(one.view, records=build.records)) for one in enabled]


async def records_are_published(wanted: RecordSet, world: World) -> AsyncIterator[Finding]:
    """Ask for a record set and compare what it means, not how it is spelled."""
    answer = await world.dns(wanted.name, wanted.type)
    if is_spelled_alike(wanted, answer) or await is_equal_address(wanted, answer, world):
        return
    found = compare(wanted, answer)
    if not found.is_clean:
        async for finding in _servers_behind(wanted, answer, world):
            yield finding
    for value in _quoted(wanted, answer):
        yield QUOTED.at(wanted.name, wanted.records[0].where, got=value)
    for record in found.missing:
        rule = DIFFERS if found.rivals else MISSING
        got = ", ".join(found.rivals or answer.values) or "nothing"
        facts = {"type": record.type, "got": got, "want": record.value, "record": str(record)}
        yield rule.at(record.name, record.where, **facts)
    for value in found.rivals if not found.missing else ():
        where = wanted.records[0].where
        yield UNDECLARED.at(wanted.name, where, type=wanted.type, got=value)


async def _servers_behind(wanted: RecordSet, seen: Answer, world: World) -> AsyncIterator[Finding]:
    """Ask the zone's servers why the resolver sees something else.

    Raises CannotTell when all of them have what is wanted: caches will follow.
    """
    try:
        told = await world.answers(wanted.name, wanted.type)
    except CannotTell:
        return  # What is seen is all that is known.
    answers = {server: one for server, one in told.items() if isinstance(one, Answer)}
    right = [server for server, one in answers.items() if compare(wanted, one).is_clean]
    if right and len(right) == len(answers):
        who = "every server of its zone has" if len(right) > 1 else f"{right[0]} has"
        raise CannotTell(f"{who} it; caches may hold the old answer for {seen.ttl} s more")
    if right:
        wrong = ", ".join(server for server in answers if server not in right)
        facts = {"type": wanted.type, "right": ", ".join(right), "wrong": wrong}
        yield BEHIND.at(wanted.name, wanted.records[0].where, **facts)


def _quoted(wanted: RecordSet, answer: Answer) -> Iterator[str]:
    """Yield texts that are ours but for quotes, which a panel has put around them once too often."""
    if wanted.type != "TXT" or not any(value.startswith('"') for value in answer.values):
        return
    meant = {record.meaning for record in wanted.records}
    for value in answer.values:
        bare = value.removeprefix('"').removesuffix('"')
        if bare != value and meaning(wanted.name, "TXT", bare) in meant:
            yield value


async def is_equal_address(wanted: RecordSet, answer: Answer, world: World) -> bool:
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
