"""mailconf verify."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from mailconf.cli.finish import finish, publish, refuse, severity, unusable_is_reported
from mailconf.cli.progress import progress
from mailconf.cli.sources import today, usable
from mailconf.engine.run import Job, stream
from mailconf.engine.verdict import Exit
from mailconf.engine.verify import jobs as verify_jobs
from mailconf.engine.waive import Waivers, waive_outcome
from mailconf.model.outcome import Outcome, Report
from mailconf.net.dns import Resolver, resolver_of
from mailconf.net.live import LiveWorld


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
    world = _world(wish)
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


def _world(wish: Wish) -> LiveWorld:
    if wish.ca and not wish.ca.is_file():
        refuse(f"--ca {wish.ca}: no such file")
    return LiveWorld(
        now=datetime.now(UTC),
        resolvers=tuple(map(_resolver, wish.resolvers)),
        ca_file=wish.ca,
        connect=dict(map(_connection, wish.connect)),
    )


def _resolver(text: str) -> Resolver:
    try:
        return resolver_of(text)
    except ValueError as why:
        refuse(f"--resolver {text}: {why}")


def _connection(text: str) -> tuple[str, str]:
    host, equals, address = text.partition("=")
    if not equals or not host:
        refuse(f"--connect {text}: wanted HOST=ADDRESS")
    return host.lower().rstrip("."), _address("--connect", text, address)


def _address(option: str, text: str, address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError:
        refuse(f"{option} {text}: {address!r} is not an IP address")
