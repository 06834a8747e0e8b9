"""Run checks; a check may fail, but it may not take the others down."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from mailconf.engine.containment import check_item, described, is_stop, named_broken
from mailconf.engine.evidence import EvidenceRecorder
from mailconf.model.finding import Finding
from mailconf.model.measure import Measure
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.place import Places
from mailconf.model.world import ConnectionRejected, Inconclusive, NotApplicable, World

AT_ONCE, AHEAD = 500, 150
"""Jobs under way, and questions ahead of jobs: a resolver's window, and some to fill it up again."""
Said = Finding | Measure
Tell = Callable[[Outcome | None], None]
Ahead = Callable[[Tell], None]


@dataclass(slots=True)
class Job:
    """One check of one subject, ready to run.

    Findings are given the line of the spec in `places`, and what the `witness` has heard. `ahead`
    is for checks that one answer settles most of the time: it asks, and tells the outcome, or
    nothing when the check must be run.
    """

    check: str
    subject: str
    run: Callable[[], AsyncIterator[Said]]
    intrusive: bool = False
    witness: EvidenceRecorder | None = None
    places: Places | None = None
    ahead: Ahead | None = None
    plugin: str = ""
    """Whose check it is: named where it breaks."""


def asking(
    check: str,
    subject: str,
    run: Callable[[World], AsyncIterator[Said]],
    places: Places,
    world: World,
) -> Job:
    """Return a job that asks a world, whose answers are the evidence of what it finds."""
    witness = EvidenceRecorder(world)
    return Job(check, subject, partial(run, witness), witness=witness, places=places)


def broken(plugin: str, check: str, subject: str, finding: Finding, places: Places) -> Job:
    """Return a job that has crashed before it began."""

    async def run() -> AsyncIterator[Said]:
        raise BrokenError(finding)
        yield

    return Job(check, subject, run, places=places, plugin=plugin)


class BrokenError(Exception):
    """A plugin has broken, as its finding says."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.message)


async def attempt(job: Job) -> Outcome:
    """Run one check to its end and say how it went."""
    begun = time.perf_counter()
    said: list[Said] = []
    verdict, why = Verdict.PASSED, ""
    try:
        async for one in job.run():
            check_item(one, Finding, Measure)
            said.append(one)
    except Inconclusive as silence:
        verdict, why = Verdict.UNKNOWN, str(silence)
    except (ConnectionRejected, NotApplicable) as closed:
        # Another check reports that a port is closed; there is nothing more to look at.
        verdict, why = Verdict.SKIPPED, str(closed)
    except BaseException as bug:  # one crashed check takes no other down
        if is_stop(bug) or _is_interrupted(bug):
            raise
        verdict, why = Verdict.CRASHED, described(bug)
        said += _named(job, bug, why)
    seconds = time.perf_counter() - begun
    if not said:
        return Outcome(job.check, job.subject, verdict, (), why, seconds)
    findings = tuple(_placed(one, job.places) for one in said if isinstance(one, Finding))
    measures = tuple(one for one in said if isinstance(one, Measure))
    evidence = job.witness.lines() if job.witness and findings else ()
    if findings and verdict is not Verdict.CRASHED:
        verdict = Verdict.FAILED
    return Outcome(job.check, job.subject, verdict, findings, why, seconds, measures, evidence)


def _is_interrupted(bug: BaseException) -> bool:
    """Tell whether it is not the check that went wrong: somebody stops it."""
    task = asyncio.current_task()
    return isinstance(bug, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def _named(job: Job, bug: BaseException, why: str) -> Iterator[Finding]:
    """Yield the finding that names the plugin of a check that has crashed."""
    if isinstance(bug, BrokenError):
        yield bug.finding
    elif job.plugin:
        yield named_broken(job.plugin, f"check {job.check}", why)


def _crashed(job: Job, bug: BaseException) -> Outcome:
    why = described(bug)
    findings = tuple(_placed(one, job.places) for one in _named(job, bug, why))
    return Outcome(job.check, job.subject, Verdict.CRASHED, findings, why)


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
    crew = _Crew()
    feeding = asyncio.create_task(crew.feed(jobs))
    try:
        while crew.is_busy or not feeding.done():
            await crew.news.wait()
            crew.news.clear()
            while crew.done:
                yield crew.done.popleft()
            crew.room.set()
        await feeding
    finally:
        crew.is_over = True
        tasks = (feeding, *crew.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Crew:
    """Jobs that are under way, and what came of others."""

    def __init__(self) -> None:
        self.done: deque[tuple[int, Outcome]] = deque()
        self.news, self.room = asyncio.Event(), asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        self.is_over = False
        """Nobody wants to hear any more."""
        self._under_way = self._ahead = 0

    @property
    def is_busy(self) -> bool:
        """Tell whether there is, or will be, an outcome that nobody has taken."""
        return self._under_way > 0 or bool(self.done)

    async def feed(self, jobs: Iterable[tuple[int, Job]]) -> None:
        """Take jobs as long as there is room."""
        try:
            for number, job in jobs:
                while self._ahead >= AHEAD or self._under_way + len(self.done) >= AT_ONCE:
                    self.room.clear()
                    await self.room.wait()
                self._under_way += 1
                if job.ahead:
                    self._ahead += 1
                    self._ask(number, job, job.ahead)
                else:
                    self._start(number, job)
        finally:
            self.news.set()

    def _ask(self, number: int, job: Job, ahead: Ahead) -> None:
        """A job that cannot be asked ahead is run, which tells what went wrong."""
        try:
            ahead(partial(self._hear, number, job))
        except Exception:
            self._hear(number, job, None)

    def _hear(self, number: int, job: Job, outcome: Outcome | None) -> None:
        self._ahead -= 1
        if outcome:
            self._tell(number, outcome)
        elif not self.is_over:
            self._start(number, job)
            self.room.set()

    def _start(self, number: int, job: Job) -> None:
        task = asyncio.get_running_loop().create_task(self._work(number, job))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _work(self, number: int, job: Job) -> None:
        try:
            outcome = await attempt(job)
        # In what attempt makes of a check, or one that cancels its own task; nobody may wait in vain.
        except BaseException as bug:
            if self.is_over or is_stop(bug):
                raise
            outcome = _crashed(job, bug)
        self._tell(number, outcome)

    def _tell(self, number: int, outcome: Outcome) -> None:
        self._under_way -= 1
        self.done.append((number, outcome))
        self.news.set()
