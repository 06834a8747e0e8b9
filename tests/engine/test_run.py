"""A check may fail or crash; it takes no other down."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

import pytest

from mailconf.engine.run import AHEAD, AT_ONCE, Job, attempt, numbered, stream
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.world import ConnectionRejected, Inconclusive

RULE = Rule("XX001", "some-fault", Severity.ERROR, "fault", "mend it")


async def passing() -> AsyncIterator[Finding]:
    nothing: tuple[Finding, ...] = ()
    for finding in nothing:
        yield finding


async def failing() -> AsyncIterator[Finding]:
    yield RULE.at("x")


async def silent() -> AsyncIterator[Finding]:
    raise Inconclusive("no answer")
    yield


async def closed() -> AsyncIterator[Finding]:
    raise ConnectionRejected("closed")
    yield


async def crashing() -> AsyncIterator[Finding]:
    raise KeyError("a bug of ours")
    yield


async def failing_then_silent() -> AsyncIterator[Finding]:
    yield RULE.at("x")
    raise Inconclusive("no answer")


JOBS = {
    Verdict.PASSED: passing,
    Verdict.FAILED: failing,
    Verdict.UNKNOWN: silent,
    Verdict.SKIPPED: closed,
    Verdict.CRASHED: crashing,
}


@pytest.mark.parametrize("verdict", JOBS)
async def test_verdicts(verdict: Verdict) -> None:
    assert (await attempt(Job("a", "b", JOBS[verdict]))).verdict is verdict


async def test_what_was_found_before_silence_counts() -> None:
    assert (await attempt(Job("a", "b", failing_then_silent))).verdict is Verdict.FAILED


async def test_a_crash_takes_no_other_down() -> None:
    jobs = [Job(verdict, "x", run) for verdict, run in JOBS.items()]
    found = {outcome.check: outcome.verdict async for outcome in stream(jobs)}
    assert found == {verdict: verdict for verdict in JOBS}


def endless(taken: list[int]) -> Iterator[Job]:
    for number in itertools.count():
        taken.append(number)
        yield Job("a check", str(number), nothing)


async def nothing() -> AsyncIterator[Finding]:
    return
    yield


async def test_jobs_are_taken_when_there_is_room_for_them() -> None:
    """However many there are, no more are begun than can be looked after."""
    taken: list[int] = []
    outcomes = numbered(enumerate(endless(taken)))
    found = [(await anext(outcomes))[0] for _ in range(10)]
    await outcomes.aclose()
    assert len(set(found)) == 10
    assert len(taken) < 2 * AT_ONCE + 100


async def test_every_job_has_its_number() -> None:
    jobs = [Job("a check", str(number), nothing) for number in range(3 * AT_ONCE)]
    found = [(number, outcome.subject) async for number, outcome in numbered(enumerate(jobs))]
    assert sorted(found) == [(number, str(number)) for number in range(3 * AT_ONCE)]


def broken() -> Iterator[Job]:
    yield Job("a check", "first", nothing)
    raise ValueError("no more jobs")


async def test_what_makes_the_jobs_may_fail() -> None:
    outcomes = stream(broken())
    assert (await anext(outcomes)).subject == "first"
    with pytest.raises(ValueError, match="no more jobs"):
        await anext(outcomes)


async def undecodable() -> AsyncIterator[Finding]:
    "s3cr\udce4t".encode()
    return
    yield


async def test_what_cannot_be_coded_is_not_shown() -> None:
    outcome = await attempt(Job("a", "b", undecodable))
    assert (outcome.verdict, outcome.why) == (
        Verdict.CRASHED,
        "raised UnicodeEncodeError at test_run.py:112",
    )


async def test_who_stops_early_leaves_nothing_running() -> None:
    before = len(asyncio.all_tasks())
    outcomes = stream(endless([]))
    await anext(outcomes)
    await outcomes.aclose()  # type: ignore[attr-defined]
    assert len(asyncio.all_tasks()) == before


async def interrupting() -> AsyncIterator[Finding]:
    raise asyncio.CancelledError
    yield


async def test_a_check_that_interrupts_itself_has_crashed() -> None:
    found = [outcome async for outcome in stream([Job("a", "b", interrupting)])]
    assert [one.verdict for one in found] == [Verdict.CRASHED]


Tell = Callable[[Outcome | None], None]


class Asked:
    """Jobs that are asked ahead; nobody answers until somebody calls `tell`."""

    def __init__(self, count: int) -> None:
        self.waiting: dict[str, Tell] = {}
        self.jobs = [self.job(str(number)) for number in range(count)]

    def job(self, subject: str) -> Job:
        return Job("a check", subject, nothing, ahead=partial(self.waiting.__setitem__, subject))

    def tell(self, subject: str, *, is_settled: bool) -> None:
        outcome = Outcome("a check", subject, Verdict.PASSED, why="ahead")
        self.waiting.pop(subject)(outcome if is_settled else None)


async def test_what_is_settled_ahead_is_not_run() -> None:
    asked = Asked(4)
    outcomes = numbered(enumerate(asked.jobs))
    first = asyncio.ensure_future(anext(outcomes))
    while len(asked.waiting) < 4:
        await asyncio.sleep(0)
    for subject in ("2", "0", "3", "1"):
        asked.tell(subject, is_settled=subject in "23")
    found = [await first, *[one async for one in outcomes]]
    assert sorted((number, one.why) for number, one in found) == [
        (0, ""),
        (1, ""),
        (2, "ahead"),
        (3, "ahead"),
    ]


async def test_an_answer_that_comes_after_the_end_starts_nothing() -> None:
    asked = Asked(3)
    outcomes = numbered(enumerate(asked.jobs))
    first = asyncio.ensure_future(anext(outcomes))
    while len(asked.waiting) < 3:
        await asyncio.sleep(0)
    asked.tell("0", is_settled=True)
    await first
    await outcomes.aclose()
    before = asyncio.all_tasks()
    asked.tell("1", is_settled=False)
    asked.tell("2", is_settled=True)
    assert asyncio.all_tasks() == before


async def test_no_more_is_asked_ahead_than_a_server_takes() -> None:
    asked = Asked(2 * AHEAD)
    outcomes = numbered(enumerate(asked.jobs))
    first = asyncio.ensure_future(anext(outcomes))
    while len(asked.waiting) < AHEAD:
        await asyncio.sleep(0)
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(asked.waiting) == AHEAD
    for subject in list(asked.waiting):
        asked.tell(subject, is_settled=False)
    await first
    while len(asked.waiting) < AHEAD:
        await asyncio.sleep(0)
    await outcomes.aclose()


async def test_who_asks_ahead_does_not_wait_for_what_is_run() -> None:
    """Answers that settle nothing make room for more questions, however long the checks take."""
    asked, let = Asked(AHEAD + 1), asyncio.Event()

    async def slow() -> AsyncIterator[Finding]:
        await let.wait()
        return
        yield

    for job in asked.jobs:
        job.run = slow
    outcomes = numbered(enumerate(asked.jobs))
    first = asyncio.ensure_future(anext(outcomes))
    while len(asked.waiting) < AHEAD:
        await asyncio.sleep(0)
    for subject in list(asked.waiting):
        asked.tell(subject, is_settled=False)
    while not asked.waiting:
        await asyncio.sleep(0)
    assert list(asked.waiting) == [str(AHEAD)]
    let.set()
    await first
    await outcomes.aclose()


class Unspeakable(Exception):
    def __repr__(self) -> str:
        raise KeyError("a bug in a bug")


async def unspeakable() -> AsyncIterator[Finding]:
    raise Unspeakable
    yield


async def test_a_crash_that_cannot_even_be_told_takes_no_other_down() -> None:
    jobs = [Job("bad", "x", unspeakable), Job("good", "x", passing)]
    found = {outcome.check: outcome async for outcome in stream(jobs)}
    assert (found["bad"].verdict, found["bad"].why) == (
        Verdict.CRASHED,
        "raised Unspeakable at test_run.py:241",
    )
    assert found["good"].verdict is Verdict.PASSED


async def test_a_job_that_cannot_be_asked_ahead_is_run() -> None:
    def ahead(_tell: Callable[[Outcome | None], None]) -> None:
        raise KeyError("a bug")

    jobs = [Job("bad", "x", failing, ahead=ahead), Job("good", "x", passing)]
    found = {outcome.check: outcome.verdict async for outcome in stream(jobs)}
    assert found == {"bad": Verdict.FAILED, "good": Verdict.PASSED}
