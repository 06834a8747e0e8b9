"""Comparing the DNS records of a spec with live DNS, and finding what publishing them would break."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mailconf.app.connection import authorities, live_world, refuse_unknown, resolver
from mailconf.app.errors import Interrupted, refuse, stop_at_errors
from mailconf.app.loading import declared, today, trust_in
from mailconf.disk.folder import Folder, read_named
from mailconf.engine.catalogue import live_codes
from mailconf.engine.parse import Parsed
from mailconf.engine.plan import changes, danger_jobs
from mailconf.engine.run import stream
from mailconf.engine.waive import Waived, covers
from mailconf.formats.paths import PathRefusedError
from mailconf.model.outcome import Build, Outcome, Report
from mailconf.model.plan import Change
from mailconf.model.record import Record, with_kinds
from mailconf.model.records_document import PublishedError, RecordsDocument
from mailconf.model.spec import Waiver
from mailconf.net.authorities import LiveAuthorities
from mailconf.net.live import LiveWorld
from mailconf.net.resolvers import Resolver
from mailconf.net.tree import MAX_RECORDS, RECORDS

SHORTEST_WAIT, LONGEST_WAIT = 2.0, 30.0
"""Seconds between two looks: servers take moments to load a zone, and nobody likes to be asked more."""


Step = Callable[[str], None]
Progress = Callable[[], AbstractContextManager[Step]]
"""Yields a function that gets the name of the current step."""


@contextmanager
def silent() -> Iterator[Step]:
    """Show no progress."""
    yield lambda _step: None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """How DNS is asked, and what is accepted.

    `previous` is an earlier rendered tree, or its records.json. `allow` has unsafe changes as
    CODE=REASON. Everything is asked again until all records are in sync, for `wait` seconds.
    """

    spec: Path
    env: str = ""
    resolvers: Sequence[str] = ()
    authorities: Sequence[str] = ()
    ca: Path | None = None
    connect: Sequence[str] = ()
    previous: Path | None = None
    allow: Sequence[str] = ()
    wait: float = 0.0
    untrusted: bool = False
    public_only: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared with what, again and again."""

    options: PlanOptions
    parsed: Parsed
    build: Build
    previous: tuple[Record, ...]
    allowed: tuple[Waiver, ...]
    servers: tuple[Resolver, ...]
    trusted: str
    progress: Progress

    def world(self) -> LiveWorld:
        """Return a world that has asked nothing yet."""
        options = self.options
        return live_world(
            options.resolvers, self.trusted, options.connect, public_only=options.public_only
        )


def plan(options: PlanOptions, progress: Progress = silent) -> Report:
    """Return what publishing a spec would change, and what it would break.

    Raises CommandError, SpecErrorsError, what reading a spec raises, and Interrupted.
    """
    begun = time.perf_counter()
    allowed = _allowed(options.allow)
    previous = _previous(options.previous) if options.previous else ()
    servers = tuple(resolver("--authority", text) for text in options.authorities)
    trusted = authorities(options.ca)
    live_world(
        options.resolvers, trusted, options.connect
    )  # What is wrong with them is told first.
    parsed, build = declared(options.spec, options.env, trust_in(options.untrusted))
    stop_at_errors(build.findings)
    refuse_unknown(options.connect, build)
    previous = tuple(with_kinds(previous, parsed.kinds))
    return _until_settled(
        Asked(options, parsed, build, previous, allowed, servers, trusted, progress), begun
    )


def _until_settled(asked: Asked, begun: float) -> Report:
    options = asked.options
    waivers = (*asked.build.spec.waivers, *asked.allowed)
    report = Report("plan", str(options.spec))
    try:
        while True:
            outcomes, found = asyncio.run(_look(asked, asked.world()))
            told = tuple(map(Waived(waivers, today()).of, outcomes))
            notes = tuple(_note(one, outcomes) for one in asked.allowed)
            spent = time.perf_counter() - begun
            report = replace(report, outcomes=told, changes=found, notes=notes, seconds=spent)
            if all(change.is_settled for change in found) or spent >= options.wait:
                return report
            time.sleep(_pause(found, options.wait - spent))
    except KeyboardInterrupt:
        raise Interrupted(report) from None


async def _look(asked: Asked, world: LiveWorld) -> tuple[list[Outcome], tuple[Change, ...]]:
    """Ask everything once."""
    zones = LiveAuthorities(world, asked.servers, public_only=asked.options.public_only)
    build, previous = asked.build, asked.previous
    with asked.progress() as say:
        found: list[Change] = []
        async for change in changes(build, previous, zones, world):
            found.append(change)
            say(f"{len(found)} record sets checked")
        jobs = danger_jobs(asked.parsed, build, previous, zones)
        outcomes = [one async for one in stream(jobs)]
    return outcomes, tuple(sorted(found, key=lambda change: (change.name, change.type)))


def _pause(found: tuple[Change, ...], left: float) -> float:
    """Wait as long as caches will hold the last of it, within reason and the time that is left."""
    longest = max((float(change.seconds) for change in found if not change.is_settled), default=0.0)
    return min(max(SHORTEST_WAIT, min(LONGEST_WAIT, longest)), max(0.0, left))


def _allowed(wanted: Iterable[str]) -> tuple[Waiver, ...]:
    """Read --allow CODE=REASON."""
    found = []
    for text in wanted:
        code, equals, reason = text.partition("=")
        if not equals or not reason.strip():
            refuse(
                f"--allow {text}: expected CODE=REASON, such as DNG003='we only watch for a week'"
            )
        if code.strip() not in live_codes():
            refuse(f"--allow {text}: unknown rule code {code.strip()}; see docs/rules.md")
        found.append(Waiver(code=code.strip(), reason=reason.strip()))
    return tuple(found)


def _note(allowed: Waiver, outcomes: list[Outcome]) -> str:
    """Say why an unsafe change was accepted, and how often it was there."""
    times = sum(covers(allowed, finding) for one in outcomes for finding in one.findings)
    found = f"{times or 'no'} {'finding' if times == 1 else 'findings'}"
    return f"{allowed.code} allowed: {allowed.reason} ({found})"


def _previous(path: Path) -> tuple[Record, ...]:
    """Read the records of an earlier build, from a rendered tree or its records.json."""
    try:
        if path.is_dir():
            octets = Folder(path).read(RECORDS, MAX_RECORDS)
        else:
            octets = read_named(path, MAX_RECORDS)
        return RecordsDocument.parse(octets.decode("utf-8")).records
    except OSError as why:
        refuse(f"--previous {path}: {why.strerror}")
    except (PublishedError, PathRefusedError, UnicodeDecodeError) as why:
        refuse(f"--previous {path}: {why}")
