"""Run checks; a check may fail, but it may not take the others down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from mailconf.model.finding import Finding
from mailconf.model.measure import Evidence, Measure
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.world import CannotTell, NotAsked, Refused

AT_ONCE = 500
Said = Finding | Measure | Evidence


@dataclass(frozen=True, slots=True)
class Job:
    """One check of one subject, ready to run."""

    check: str
    subject: str
    run: Callable[[], AsyncIterator[Said]]
    intrusive: bool = False


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
        verdict, why = Verdict.CRASHED, repr(bug)
    findings = tuple(one for one in said if isinstance(one, Finding))
    measures = tuple(one for one in said if isinstance(one, Measure))
    evidence = tuple(line for one in said if isinstance(one, Evidence) for line in one.lines)
    if findings and verdict is not Verdict.CRASHED:
        verdict = Verdict.FAILED
    seconds = time.perf_counter() - begun
    return Outcome(job.check, job.subject, verdict, findings, why, seconds, measures, evidence)


async def stream(jobs: Iterable[Job]) -> AsyncIterator[Outcome]:
    """Run jobs side by side and yield outcomes as they come; the World bounds its connections."""
    async for _, outcome in numbered(jobs):
        yield outcome


async def numbered(jobs: Iterable[Job]) -> AsyncIterator[tuple[int, Outcome]]:
    """Run jobs side by side and yield outcomes as they come, each with the number of its job.

    Jobs are taken when there is room for them, `AT_ONCE` at most: a hundred thousand domains need
    not lie in memory at a time.
    """
    waiting = enumerate(jobs)
    done: asyncio.Queue[tuple[int, Outcome] | None] = asyncio.Queue(AT_ONCE)

    async def work() -> None:
        for number, job in waiting:
            await done.put((number, await attempt(job)))

    async def all_work() -> None:
        await asyncio.gather(*workers)
        await done.put(None)

    workers = [asyncio.create_task(work()) for _ in range(AT_ONCE)]
    end = asyncio.create_task(all_work())
    try:
        while (found := await done.get()) is not None:
            yield found
        await end
    finally:
        for task in (*workers, end):
            task.cancel()
        await asyncio.gather(*workers, end, return_exceptions=True)
