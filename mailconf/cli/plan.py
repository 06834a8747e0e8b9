"""mailconf plan."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import typer

from mailconf.cli.connection import authorities, live_world, refuse_unknown, resolver
from mailconf.cli.loading import declared, patience, today, trust_in
from mailconf.cli.progress import progress
from mailconf.cli.reporting import (
    publish,
    refuse,
    severity,
    stop_at_errors,
    unusable_is_reported,
)
from mailconf.disk.folder import Folder, read_named
from mailconf.engine.catalogue import live_codes
from mailconf.engine.exit_codes import ExitCode, plan_exit_code
from mailconf.engine.parse import Parsed
from mailconf.engine.plan import changes, danger_jobs
from mailconf.engine.run import stream
from mailconf.engine.waive import Waived, covers
from mailconf.formats.paths import PathRefusedError
from mailconf.model.outcome import Build, Outcome, Report
from mailconf.model.plan import Change
from mailconf.model.record import Record
from mailconf.model.records_document import PublishedError, RecordsDocument
from mailconf.model.spec import Waiver
from mailconf.net.authorities import LiveAuthorities
from mailconf.net.live import LiveWorld
from mailconf.net.tree import MAX_RECORDS, RECORDS

SHORTEST_WAIT, LONGEST_WAIT = 2.0, 30.0
"""Seconds between two looks: servers take moments to load a zone, and nobody likes to be asked more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The command's arguments."""

    spec: Path
    env: str
    resolvers: list[str]
    authorities: list[str]
    ca: Path | None
    connect: list[str]
    previous: Path | None
    allow: list[str]
    wait: str
    exit_code: bool
    fail_on: str
    reports: list[str]
    untrusted: bool = False
    public_only: bool = False


def run(wish: Wish) -> None:
    """Say what publishing a spec would change, and refuse what would break something."""
    limit, begun = severity(wish.fail_on), time.perf_counter()
    allowed, patient = _allowed(wish.allow), patience(wish.wait)
    previous = _previous(wish.previous) if wish.previous else ()
    trusted = authorities(wish.ca)
    world = _world(wish, trusted)
    servers = tuple(resolver("--authority", text) for text in wish.authorities)
    with unusable_is_reported("plan", wish.spec, wish.reports):
        parsed, build = declared(wish.spec, wish.env, trust_in(wish.untrusted))
        stop_at_errors("plan", wish.spec, build.findings)
    refuse_unknown(wish.connect, build)
    waivers = (*build.spec.waivers, *allowed)
    report = Report("plan", str(wish.spec))
    try:
        while True:
            zones = LiveAuthorities(world, servers, public_only=wish.public_only)
            outcomes, found = asyncio.run(_look(parsed, build, previous, zones, world))
            told = tuple(map(Waived(waivers, today()).of, outcomes))
            notes = tuple(_note(one, outcomes) for one in allowed)
            spent = time.perf_counter() - begun
            report = replace(report, outcomes=told, changes=found, notes=notes, seconds=spent)
            if all(change.is_settled for change in found) or spent >= patient:
                break
            time.sleep(_pause(found, patient - spent))
            world = _world(wish, trusted)
    except KeyboardInterrupt:
        publish(report, wish.reports)
        raise SystemExit(ExitCode.INTERRUPTED) from None
    _end(wish, report, plan_exit_code(report, limit, wish.exit_code or bool(wish.wait)))


def _world(wish: Wish, trusted: str) -> LiveWorld:
    return live_world(wish.resolvers, trusted, wish.connect, public_only=wish.public_only)


def _end(wish: Wish, report: Report, status: ExitCode) -> NoReturn:
    publish(report, wish.reports)
    raise typer.Exit(status)


async def _look(
    parsed: Parsed,
    build: Build,
    previous: tuple[Record, ...],
    zones: LiveAuthorities,
    world: LiveWorld,
) -> tuple[list[Outcome], tuple[Change, ...]]:
    """Ask everything once."""
    with progress("plan") as say:
        found: list[Change] = []
        async for change in changes(build, previous, zones, world):
            found.append(change)
            say(f"{len(found)} record sets checked")
        outcomes = [one async for one in stream(danger_jobs(parsed, build, previous, zones))]
    return outcomes, tuple(sorted(found, key=lambda change: (change.name, change.type)))


def _pause(found: tuple[Change, ...], left: float) -> float:
    """Wait as long as caches will hold the last of it, within reason and the time that is left."""
    longest = max((float(change.seconds) for change in found if not change.is_settled), default=0.0)
    return min(max(SHORTEST_WAIT, min(LONGEST_WAIT, longest)), max(0.0, left))


def _allowed(wanted: list[str]) -> tuple[Waiver, ...]:
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
