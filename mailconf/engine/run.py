"""Run checks; a check may fail, but it may not take the others down."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from mailconf.engine.witness import Witness
from mailconf.model.finding import Finding
from mailconf.model.measure import Measure
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.place import Places
from mailconf.model.world import CannotTell, NotAsked, Refused, World

AT_ONCE = 500
Said = Finding | Measure


@dataclass(frozen=True, slots=True)
class Job:
    """One check of one subject, ready to run.

    Findings are given the line of the spec in `places`, and what the `witness` has heard.
    """

    check: str
    subject: str
    run: Callable[[], AsyncIterator[Said]]
    intrusive: bool = False
    witness: Witness | None = None
    places: Places | None = None


def asking(
    check: str,
    subject: str,
    run: Callable[[World], AsyncIterator[Said]],
    places: Places,
    world: World,
) -> Job:
    """Return a job that asks a world, whose answers are the evidence of what it finds."""
    witness = Witness(world)
    return Job(check, subject, partial(run, witness), witness=witness, places=places)


async def attempt(job: Job) -> Outcome:
    """Run one check to its end and say how it went."""
    begun = time.perf_counter()
    said: list[Said] = []
    verdict, why = Verdict.PASSED, ""
    try:
        async for one in job.run():
            said.append(one)
    except CannotTell as silence:
        verdict, why = Verdict.UNKNOWN, str(silence)
    except (Refused, NotAsked) as closed:
        # Another check reports that a port is closed; there is nothing more to look at.
        verdict, why = Verdict.SKIPPED, str(closed)
    except Exception as bug:  # one crashed check takes no other down
        verdict, why = Verdict.CRASHED, _described(bug)
    seconds = time.perf_counter() - begun
    if not said:
        return Outcome(job.check, job.subject, verdict, (), why, seconds)
    findings = tuple(_placed(one, job.places) for one in said if isinstance(one, Finding))
    measures = tuple(one for one in said if isinstance(one, Measure))
    evidence = job.witness.lines() if job.witness and findings else ()
    if findings and verdict is not Verdict.CRASHED:
        verdict = Verdict.FAILED
    return Outcome(job.check, job.subject, verdict, findings, why, seconds, measures, evidence)


def _described(bug: Exception) -> str:
    """Return what went wrong; the text that could not be coded may be a password."""
    if isinstance(bug, UnicodeError):
        return f"{type(bug).__name__}: {getattr(bug, 'reason', '')}"
    return repr(bug)


def _placed(finding: Finding, places: Places | None) -> Finding:
    """Return a live finding with the spec line that asked for the thing."""
    if finding.place or not places:
        return finding
    return finding.placed(places.of(finding.where))


async def stream(jobs: Iterable[Job]) -> AsyncIterator[Outcome]:
    """Run jobs side by side and yield outcomes as they come; the World bounds its connections."""
    async with aclosing(numbered(enumerate(jobs))) as found:
        async for _, outcome in found:
            yield outcome


async def numbered(jobs: Iterable[tuple[int, Job]]) -> AsyncGenerator[tuple[int, Outcome], None]:
    """Run jobs side by side and yield outcomes as they come, each with the number that came with its job.

    Jobs are taken when there is room for them, `AT_ONCE` at most: a hundred thousand domains need
    not lie in memory at a time.
    """
    waiting, done = iter(jobs), deque[tuple[int, Outcome]]()
    news, room = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        for number, job in waiting:
            done.append((number, await attempt(job)))
            news.set()
            if len(done) > AT_ONCE:
                room.clear()
                await room.wait()

    async def all_work() -> None:
        try:
            await asyncio.gather(*workers)
        finally:
            news.set()

    workers = [asyncio.create_task(work()) for _ in range(AT_ONCE)]
    end = asyncio.create_task(all_work())
    try:
        while not end.done():
            await news.wait()
            news.clear()
            while done:
                yield done.popleft()
            room.set()
        await end
    finally:
        for task in (*workers, end):
            task.cancel()
        await asyncio.gather(*workers, end, return_exceptions=True)
