"""Run checks; a check may fail, but it may not take the others down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from mailconf.model.finding import Finding
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.world import CannotTell, Refused


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
    except Refused as closed:
        # The check that the port is open reports it; there is nothing more to look at.
        verdict, why = Verdict.SKIPPED, str(closed)
    except Exception as bug:  # one crashed check takes no other down
        verdict, why = Verdict.CRASHED, repr(bug)
    if findings and verdict is not Verdict.CRASHED:
        verdict = Verdict.FAILED
    seconds = time.perf_counter() - begun
    return Outcome(job.check, job.subject, verdict, tuple(findings), why, seconds)


async def stream(jobs: list[Job]) -> AsyncIterator[Outcome]:
    """Run all jobs at once and yield outcomes as they come; the World bounds its connections."""
    tasks = [asyncio.create_task(attempt(job)) for job in jobs]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
