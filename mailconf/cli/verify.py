"""mailconf verify."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from mailconf.cli.connection import refuse_unknown
from mailconf.cli.loading import declared, patience, trust_in
from mailconf.cli.progress import counted
from mailconf.cli.reporting import (
    finish,
    publish,
    put,
    refuse,
    severity,
    stop_at_errors,
    unusable_is_reported,
)
from mailconf.cli.world_source import Reach, worlds
from mailconf.engine.containment import BROKEN
from mailconf.engine.exit_codes import ExitCode
from mailconf.engine.gc_tuning import collecting_rarely
from mailconf.engine.parse import Parsed
from mailconf.engine.run import Job, numbered
from mailconf.engine.verify import Question, jobs_of, questions
from mailconf.engine.waive import Waived
from mailconf.model.finding import Finding
from mailconf.model.hiding import SECRETS
from mailconf.model.outcome import Build, Outcome, Report, Verdict
from mailconf.model.world import World
from mailconf.net.replay import Recorder, Replay
from mailconf.report.text import finding_lines

SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 30.0
"""Seconds between two looks: twice as long each time, for whoever limits rates does it by the minute."""
CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
TOTAL = "verify"


@dataclass(frozen=True, slots=True)
class Wish:
    """The command's arguments."""

    spec: Path
    env: str
    reach: Reach
    only: list[str]
    skip: list[str]
    retry: int
    wait: str
    record: Path | None
    fail_on: str
    reports: list[str]
    untrusted: bool = False


@dataclass
class Look:
    """What is asked, and what was found out so far, by the number of the job."""

    wish: Wish
    parsed: Parsed
    build: Build
    make_world: Callable[[], World]
    patience: float
    recorder: Recorder | None = None
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    @cached_property
    def questions(self) -> list[Question]:
        """What --only and --skip leave to ask; codes are none of their business."""
        only, skip = (
            [pattern for pattern in patterns if not CODE.fullmatch(pattern)]
            for patterns in (self.wish.only, self.wish.skip)
        )
        return questions(self.parsed, self.build, only, skip)

    def jobs(self, world: World, numbers: Iterable[int]) -> Iterator[tuple[int, Job]]:
        """Yield jobs by their numbers; each is made when there is room for it."""
        wanted = sorted(numbers)
        asked = (self.questions[number] for number in wanted)
        return zip(wanted, jobs_of(asked, self.build.places, world), strict=True)

    def told(self) -> tuple[Outcome, ...]:
        """Return the outcomes in the order of the jobs, waived findings left out."""
        waived = Waived(self.build.spec.waivers, self.make_world().now.date())
        found = (self.outcomes[number] for number in sorted(self.outcomes))
        kept = (_of_codes(one, self.wish) for one in found)
        return tuple(map(waived.of, kept))


def run(wish: Wish) -> None:
    """Check the world against the spec."""
    limit, begun = severity(wish.fail_on), time.perf_counter()
    if wish.untrusted and wish.reach.passwords:
        refuse("--intrusive logs in as the spec says; leave it out with --untrusted")
    trust = trust_in(wish.untrusted)
    make_world, patient = worlds(wish.reach), patience(wish.wait)
    with unusable_is_reported("verify", wish.spec, wish.reports):
        parsed, build = declared(wish.spec, wish.env, trust)
        stop_at_errors("verify", wish.spec, [f for f in build.findings if f.rule is not BROKEN])
    refuse_unknown(wish.reach.connect, build)
    look = Look(wish, parsed, build, make_world, patient)
    interrupted = False
    try:
        with collecting_rarely():
            asyncio.run(_rounds(look))
    except KeyboardInterrupt:
        interrupted = True
    spent = _remembered(look, time.perf_counter() - begun)
    report = Report("verify", str(wish.spec), (), look.told(), spent)
    if interrupted:
        publish(report, wish.reports)
        raise SystemExit(ExitCode.INTERRUPTED)
    finish(report, wish.reports, limit)


async def _rounds(look: Look) -> None:
    """Look, and look again at what was not told or not right, as often as is wanted."""
    begun, tries = time.monotonic(), 0
    pending: frozenset[int] | None = None
    while True:
        await _round(look, pending)
        open_ = [number for number, one in look.outcomes.items() if _is_open(one, look, tries)]
        pause = min(SHORTEST_PAUSE * 2**tries, LONGEST_PAUSE)
        left = look.patience - (time.monotonic() - begun)
        if not open_ or (tries >= look.wish.retry and left <= 0):
            return
        await asyncio.sleep(min(pause, left) if left > 0 else pause)
        pending, tries = frozenset(open_), tries + 1


def _is_open(outcome: Outcome, look: Look, tries: int) -> bool:
    """Tell whether to look again: at silence to retry, at everything that is not right to wait."""
    if outcome.verdict is Verdict.UNKNOWN:
        return tries < look.wish.retry or look.patience > 0
    return outcome.verdict is Verdict.FAILED and look.patience > 0


async def _round(look: Look, pending: frozenset[int] | None) -> None:
    world = look.make_world()
    if look.wish.record:
        kept = look.recorder.questions if look.recorder else {}
        world = look.recorder = Recorder(world, kept, hidden=SECRETS)
    numbers = range(len(look.questions)) if pending is None else pending
    if not numbers:
        refuse(f"no check matches {_chosen(look.wish)}")
    with counted("verify", len(numbers)) as say:
        async for number, outcome in numbered(look.jobs(world, numbers)):
            look.outcomes[number] = _timed(outcome, world)
            say(line for finding in outcome.findings for line in finding_lines(finding))


def _chosen(wish: Wish) -> str:
    """Return the options that select checks, as they are typed."""
    words = [f"--only {word}" for word in wish.only] + [f"--skip {word}" for word in wish.skip]
    return " ".join(words)


def _timed(outcome: Outcome, world: World) -> Outcome:
    """A check of a recording took as long as it took then."""
    if not isinstance(world, Replay):
        return outcome
    return replace(outcome, seconds=world.seconds.get(_name(outcome), 0.0))


def _remembered(look: Look, spent: float) -> float:
    """Write the recording, if one is wanted; return how long it all took, or took then."""
    if look.recorder and look.wish.record:
        times = {_name(one): round(one.seconds, 3) for one in look.outcomes.values()}
        look.recorder.seconds.update({**times, TOTAL: round(spent, 3)})
        put(f"--record {look.wish.record}", look.wish.record, str(look.recorder))
    world = look.make_world()
    return world.seconds.get(TOTAL, 0.0) if isinstance(world, Replay) else spent


def _name(outcome: Outcome) -> str:
    return f"{outcome.check} {outcome.subject}"


def _of_codes(outcome: Outcome, wish: Wish) -> Outcome:
    """Return an outcome with the findings whose codes are wanted."""
    only = {pattern for pattern in wish.only if CODE.fullmatch(pattern)}
    skip = {pattern for pattern in wish.skip if CODE.fullmatch(pattern)}

    def is_wanted(finding: Finding) -> bool:
        code = finding.rule.code
        return code not in skip and (not only or code in only)

    return outcome.keeping(tuple(filter(is_wanted, outcome.findings)))
