"""What publishing a spec would change, and what it would break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from mailconf.engine.compare import compare, leftovers, record_sets, without
from mailconf.engine.parse import Parsed
from mailconf.engine.record_check import is_equal_address
from mailconf.engine.removed_records import is_missed, withdrawn
from mailconf.engine.run import Job
from mailconf.engine.verify import jobs_of, of_check
from mailconf.model.outcome import Build
from mailconf.model.plan import Change, State
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.model.record import Record, Records, RecordSet
from mailconf.model.world import Inconclusive, World

AT_ONCE = 100
"""Sets of records that are asked about at the same time."""
Told = Mapping[str, Answer | Inconclusive]


def danger_jobs(
    parsed: Parsed, build: Build, previous: tuple[Record, ...], zones: World
) -> list[Job]:
    """Return every danger that plugins look for, as jobs over the zones' servers."""
    gone = [
        Job("plan.removed-records", str(one), partial(is_missed, one, zones))
        for one in withdrawn(previous, build.records)
    ]
    before = Records(previous)
    found = (
        question
        for plugin in parsed.plugins.values()
        for danger in plugin.plan_checks
        for question in of_check(plugin, danger, replace(build.views[plugin.name], previous=before))
    )
    return [*gone, *jobs_of(found, build.places, zones)]


async def changes(
    build: Build, previous: Iterable[Record], zones: World, caches: World
) -> AsyncIterator[Change]:
    """Yield a change for every set that is wanted, and for every earlier one that is not any more."""
    asked = [partial(_wanted, wanted, zones, caches) for wanted in record_sets(build.records)]
    gone = [partial(_unwanted, old, zones, caches) for old in without(previous, build.records)]
    questions: list[Callable[[], Awaitable[Change | None]]] = [*asked, *gone]
    for start in range(0, len(questions), AT_ONCE):
        batch = questions[start : start + AT_ONCE]
        for change in await asyncio.gather(*(ask() for ask in batch)):
            if change:
                yield change


async def _wanted(wanted: RecordSet, zones: World, caches: World) -> Change:
    first = wanted.records[0]
    blank = Change(wanted.name, wanted.type, State.UNKNOWN, ttl=first.ttl, where=first.where)
    try:
        told = await zones.ask(AuthoritativeQuery(wanted.name, wanted.type))
        answers = [answer for answer in told.values() if isinstance(answer, Answer)]
        if answers and await is_equal_address(wanted, answers[0], zones):
            return replace(blank, state=State.IN_SYNC, why="its address records are equivalent")
        return await _judged(wanted, told, blank, caches)
    except Inconclusive as silence:
        return replace(blank, why=str(silence))


async def _judged(wanted: RecordSet, told: Told, blank: Change, caches: World) -> Change:
    """Say how far a set has come, from what each server of its zone says."""
    found = {server: a for server, a in told.items() if isinstance(a, Answer)}
    silent = [f"{server}: {why}" for server, why in told.items() if isinstance(why, Inconclusive)]
    if not found:
        return replace(blank, why="; ".join(silent))
    behind = {server: answer for server, answer in found.items() if _differs(wanted, answer)}
    if behind:
        first = next(iter(behind.values()))
        compared = compare(wanted, first)
        propagating = len(behind) < len(found)
        why = f"missing at {', '.join(behind)}" if propagating else _ttl_differs(wanted, first)
        return replace(
            blank,
            state=State.PROPAGATING if propagating else State.PUBLISH,
            add=tuple(record.value for record in compared.missing),
            remove=compared.rivals,
            seconds=first.ttl,
            why="; ".join(filter(None, [why, *silent])),
        )
    if silent:
        return replace(blank, why="; ".join(silent))
    return _cached(wanted, await caches.ask(DnsQuery(wanted.name, wanted.type)), blank)


def _differs(wanted: RecordSet, answer: Answer) -> bool:
    return not compare(wanted, answer).is_clean or bool(_ttl_differs(wanted, answer))


def _ttl_differs(wanted: RecordSet, answer: Answer) -> str:
    """Say which lifetime is published where only that is another one."""
    ttl = wanted.records[0].ttl
    if not answer.values or answer.alias or answer.ttl == ttl:
        return ""
    return f"its TTL is {answer.ttl} s; expected {ttl} s"


def _cached(wanted: RecordSet, answer: Answer, blank: Change) -> Change:
    compared = compare(wanted, answer)
    if compared.is_clean:
        return replace(blank, state=State.IN_SYNC)
    return replace(blank, state=State.CACHED, remove=compared.rivals, seconds=answer.ttl)


async def _unwanted(gone: RecordSet, zones: World, caches: World) -> Change | None:
    """Say what is left of a set that was ours; None when nothing is."""
    blank = Change(gone.name, gone.type, State.UNKNOWN)
    try:
        answer = await zones.ask(DnsQuery(gone.name, gone.type))
        left = leftovers(gone, answer)
        if left:
            return replace(blank, state=State.PUBLISH, remove=left, seconds=answer.ttl)
        cached = await caches.ask(DnsQuery(gone.name, gone.type))
    except Inconclusive as silence:
        return replace(blank, why=str(silence))
    left = leftovers(gone, cached)
    return replace(blank, state=State.CACHED, remove=left, seconds=cached.ttl) if left else None
