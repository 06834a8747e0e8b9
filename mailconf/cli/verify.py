"""mailconf verify."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from mailconf.cli.finish import finish, publish, refuse, severity, unusable_is_reported
from mailconf.cli.progress import progress
from mailconf.cli.reaching import live_world
from mailconf.cli.sources import today, usable
from mailconf.engine.run import Job, stream
from mailconf.engine.verdict import Exit
from mailconf.engine.verify import jobs as verify_jobs
from mailconf.engine.waive import Waivers, waive_outcome
from mailconf.model.outcome import Outcome, Report


@dataclass(frozen=True, slots=True)
class Wish:
    """The command's arguments."""

    spec: Path
    env: str
    resolvers: list[str]
    ca: Path | None
    connect: list[str]
    only: list[str]
    fail_on: str
    reports: list[str]


def run(wish: Wish) -> None:
    """Check the world against the spec."""
    limit, begun = severity(wish.fail_on), time.perf_counter()
    world = live_world(wish.resolvers, wish.ca, wish.connect)
    with unusable_is_reported("verify", wish.spec, wish.reports):
        parsed, build = usable("verify", wish.spec, wish.env, None)
    jobs = verify_jobs(parsed, build, world, wish.only)
    if not jobs:
        refuse(f"no check matches --only {' '.join(wish.only)}")
    outcomes: list[Outcome] = []
    interrupted = False
    try:
        asyncio.run(_collect(jobs, outcomes, build.spec.waivers))
    except KeyboardInterrupt:
        interrupted = True
    seconds = time.perf_counter() - begun
    report = Report("verify", str(wish.spec), (), tuple(outcomes), seconds)
    if interrupted:
        publish(report, wish.reports)
        raise SystemExit(Exit.INTERRUPTED)
    finish(report, wish.reports, limit)


async def _collect(jobs: list[Job], outcomes: list[Outcome], waivers: Waivers) -> None:
    with progress("verify") as say:
        async for outcome in stream(jobs):
            outcomes.append(waive_outcome(outcome, waivers, today()))
            say(f"{len(outcomes)} of {len(jobs)}")
