"""Checking live services, a recording or a rendered tree against a spec."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from mailconf.app.connection import refuse_unknown
from mailconf.app.errors import Interrupted, refuse, stop_at_errors
from mailconf.app.files import put
from mailconf.app.loading import declared, trust_in
from mailconf.app.worlds import LIVE, Reach, worlds
from mailconf.engine.containment import BROKEN
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


Progress = Callable[[int], AbstractContextManager[Callable[[Iterable[str]], None]]]
"""Gets the number of checks; the function that it yields gets the lines of each one's findings."""


@contextmanager
def silent(_count: int) -> Iterator[Callable[[Iterable[str]], None]]:
    """Show no progress."""
    yield lambda _lines: None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """What to check, and how often.

    `only` and `skip` are patterns of check ids and rule codes. Checks that end as unknown are made
    again up to `retry` times, failed and unknown ones for `wait` seconds. `record` is a file.
    """

    spec: Path
    env: str = ""
    reach: Reach = LIVE
    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    retry: int = 0
    wait: float = 0.0
    record: Path | None = None
    untrusted: bool = False


@dataclass
class Look:
    """What is asked, and what was found out so far, by the number of the job."""

    options: VerifyOptions
    parsed: Parsed
    build: Build
    make_world: Callable[[], World]
    progress: Progress
    recorder: Recorder | None = None
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    @cached_property
    def questions(self) -> list[Question]:
        """What --only and --skip leave to ask; codes are none of their business."""
        only, skip = (
            [pattern for pattern in patterns if not CODE.fullmatch(pattern)]
            for patterns in (self.options.only, self.options.skip)
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
        kept = (_of_codes(one, self.options) for one in found)
        return tuple(map(waived.of, kept))


def verify(options: VerifyOptions, progress: Progress = silent) -> Report:
    """Check the world against a spec.

    Raises CommandError, SpecErrorsError, what reading a spec raises, and Interrupted.
    """
    begun = time.perf_counter()
    if options.untrusted and options.reach.passwords:
        refuse(
            "--intrusive logs in with the spec's accounts; it cannot be combined with --untrusted"
        )
    make_world = worlds(options.reach)
    parsed, build = declared(options.spec, options.env, trust_in(options.untrusted))
    stop_at_errors(f for f in build.findings if f.rule is not BROKEN)
    refuse_unknown(options.reach.connect, build)
    look, interrupted = Look(options, parsed, build, make_world, progress), False
    try:
        with collecting_rarely():
            asyncio.run(_rounds(look))
    except KeyboardInterrupt:
        interrupted = True
    spent = _remembered(look, time.perf_counter() - begun)
    report = Report("verify", str(options.spec), (), look.told(), spent)
    if interrupted:
        raise Interrupted(report)
    return report


async def _rounds(look: Look) -> None:
    """Look, and look again at what was not told or not right, as often as is wanted."""
    begun, tries = time.monotonic(), 0
    pending: frozenset[int] | None = None
    while True:
        await _round(look, pending)
        open_ = [number for number, one in look.outcomes.items() if _is_open(one, look, tries)]
        pause = min(SHORTEST_PAUSE * 2**tries, LONGEST_PAUSE)
        left = look.options.wait - (time.monotonic() - begun)
        if not open_ or (tries >= look.options.retry and left <= 0):
            return
        await asyncio.sleep(min(pause, left) if left > 0 else pause)
        pending, tries = frozenset(open_), tries + 1


def _is_open(outcome: Outcome, look: Look, tries: int) -> bool:
    """Tell whether to look again: at silence to retry, at everything that is not right to wait."""
    if outcome.verdict is Verdict.UNKNOWN:
        return tries < look.options.retry or look.options.wait > 0
    return outcome.verdict is Verdict.FAILED and look.options.wait > 0


async def _round(look: Look, pending: frozenset[int] | None) -> None:
    world = look.make_world()
    if look.options.record:
        kept = look.recorder.questions if look.recorder else {}
        world = look.recorder = Recorder(world, kept, hidden=SECRETS)
    numbers = range(len(look.questions)) if pending is None else pending
    if not numbers:
        refuse(f"no check matches {_chosen(look.options)}")
    with look.progress(len(numbers)) as say:
        async for number, outcome in numbered(look.jobs(world, numbers)):
            look.outcomes[number] = _timed(outcome, world)
            say(line for finding in outcome.findings for line in finding_lines(finding))


def _chosen(options: VerifyOptions) -> str:
    """Return the options that select checks, as they are typed."""
    words = [f"--only {word}" for word in options.only] + [
        f"--skip {word}" for word in options.skip
    ]
    return " ".join(words)


def _timed(outcome: Outcome, world: World) -> Outcome:
    """A check of a recording took as long as it took then."""
    if not isinstance(world, Replay):
        return outcome
    return replace(outcome, seconds=world.seconds.get(_name(outcome), 0.0))


def _remembered(look: Look, spent: float) -> float:
    """Write the recording, if one is wanted; return how long it all took, or took then."""
    if look.recorder and look.options.record:
        times = {_name(one): round(one.seconds, 3) for one in look.outcomes.values()}
        look.recorder.seconds.update({**times, TOTAL: round(spent, 3)})
        put(f"--record {look.options.record}", look.options.record, str(look.recorder))
    world = look.make_world()
    return world.seconds.get(TOTAL, 0.0) if isinstance(world, Replay) else spent


def _name(outcome: Outcome) -> str:
    return f"{outcome.check} {outcome.subject}"


def _of_codes(outcome: Outcome, options: VerifyOptions) -> Outcome:
    """Return an outcome with the findings whose codes are wanted."""
    only = {pattern for pattern in options.only if CODE.fullmatch(pattern)}
    skip = {pattern for pattern in options.skip if CODE.fullmatch(pattern)}

    def is_wanted(finding: Finding) -> bool:
        code = finding.rule.code
        return code not in skip and (not only or code in only)

    return outcome.keeping(tuple(filter(is_wanted, outcome.findings)))
