"""Run checks; a check may fail, but it may not take the others down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from mailconf.model.finding import Finding
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.world import CannotTell, NotAsked, Refused


@dataclass(frozen=True, slots=True)
class Job:
    """One check of one subject, ready to run."""

    check: str
    subject: str
    run: Callable[[], AsyncIterator[Finding]]


async def attempt(job: Job) -> Outcome:
    """Run one check to its end and say how it went."""
    begun = time.perf_counter()
    findings: list[Finding] = []
    verdict, why = Verdict.PASSED, ""
    try:
        async for finding in job.run():
            findings.append(finding)
    except CannotTell as silence:
        verdict, why = Verdict.UNKNOWN, str(silence)
    except (Refused, NotAsked) as closed:
        # Another check reports that a port is closed; there is nothing more to look at.
        verdict, why = Verdict.SKIPPED, str(closed)
    except Exception as bug:  # one crashed check takes no other down
        verdict, why = Verdict.CRASHED, repr(bug)
    if findings and verdict is not Verdict.CRASHED:
        verdict = Verdict.FAILED
    seconds = time.perf_counter() - begun
    return Outcome(job.check, job.subject, verdict, tuple(findings), why, seconds)


async def stream(jobs: list[Job]) -> AsyncIterator[Outcome]:
    """Run all jobs at once and yield outcomes as they come; the World bounds its connections."""
    async for _, outcome in numbered(jobs):
        yield outcome


async def numbered(jobs: list[Job]) -> AsyncIterator[tuple[int, Outcome]]:
    """Run all jobs at once and yield outcomes as they come, each with the number of its job."""

    async def one(number: int, job: Job) -> tuple[int, Outcome]:
        return number, await attempt(job)

    tasks = [asyncio.create_task(one(number, job)) for number, job in enumerate(jobs)]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
