"""What a booted lab is asked: the native checkers, verify, and real mail."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path as File

from mailconf.engine.load import Loaded
from mailconf.engine.render import Renderer
from mailconf.engine.run import Job, attempt, stream
from mailconf.engine.verify import jobs as verify_jobs
from mailconf.engine.waive import waive_outcome
from mailconf.lab.attacks import ATTACKS, Attack, Scene, attacks
from mailconf.lab.boot import Progress, Tamper, boot, leave_as_rendered
from mailconf.lab.config_checks import native_jobs
from mailconf.lab.effective_config import parseback_jobs
from mailconf.lab.lab import Lab
from mailconf.lab.log import LabLog
from mailconf.lab.negative_checks import NegativeChecks, empty
from mailconf.lab.network import on_network_of
from mailconf.lab.plugin_checks import plugin_jobs
from mailconf.lab.roundtrip import CLIENT, RoundTrip
from mailconf.model.outcome import Outcome, Report
from mailconf.net.live import LiveWorld

AT_ONCE = 12
RESOLVER = ("127.0.0.1", 53)


class LabRun:
    """Boots a spec and collects outcomes; what was collected survives an interruption."""

    def __init__(self, spec: File, progress: Progress, tried: Iterable[Attack] = ATTACKS) -> None:
        self._spec = spec
        self._attacks = tried
        self._progress = progress
        self._begun = time.perf_counter()
        self._outcomes: list[Outcome] = []
        self.lab: Lab | None = None
        self.journal = LabLog()

    def run(self, loaded: Loaded, renderer: Renderer, tamper: Tamper = leave_as_rendered) -> Report:
        """Boot, prove, and report; raises what `boot` raises."""
        self.lab = boot(loaded, renderer, self._progress, self.journal, tamper)
        self._progress("checking configuration")
        self._collect(native_jobs(self.lab.ours, self.lab.machines))
        self._collect(parseback_jobs(self.lab.ours, self.lab.machines))
        self._progress("verify")
        self._verify(intrusive=False)
        self._progress("exchanging mail")
        self._collect(self._round_trip(self._up()).jobs())
        self._progress("negative tests")
        self._collect_at_once(NegativeChecks(self._up().ours, self._context(), self.journal).jobs())
        empty(self._up())
        self._progress("attacks")
        self._collect_at_once(attacks(self._scene(), self._attacks))
        self._progress("login tests")
        # Last: whoever came with a wrong password is served slowly from then on.
        self._verify(intrusive=True)
        self._collect(plugin_jobs(self._up()))
        return self.report()

    def report(self) -> Report:
        """Return what is known so far."""
        findings = self.lab.ours.build.findings if self.lab else ()
        seconds = time.perf_counter() - self._begun
        today = datetime.now(UTC).date()
        waivers = self.lab.ours.build.spec.waivers if self.lab else ()
        outcomes = tuple(waive_outcome(outcome, waivers, today) for outcome in self._outcomes)
        return Report("lab run", str(self._spec), findings, outcomes, seconds)

    def _verify(self, *, intrusive: bool) -> None:
        """Run the checks of the rendered spec that are intrusive, or those that are not."""
        lab = self._up()
        found = on_network_of(CLIENT, lambda: asyncio.run(_verified(lab, intrusive=intrusive)))
        self._outcomes += found

    def _up(self) -> Lab:
        if self.lab is None:
            raise RuntimeError("the lab is not up")
        return self.lab

    def _collect(self, jobs: Iterable[Job]) -> None:
        """Run jobs one after the other: mail is judged after it arrived."""

        async def in_order(jobs: Iterator[Job]) -> None:
            for job in jobs:
                self._outcomes.append(await attempt(job))
                # The jobs block; this is where an interruption gets its turn.
                await asyncio.sleep(0)

        asyncio.run(in_order(iter(jobs)))

    def _collect_at_once(self, jobs: Iterable[Job]) -> None:
        """Run jobs side by side: a server answers a refusal late, and they do not need each other."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            self._outcomes += pool.map(lambda job: asyncio.run(attempt(job)), jobs)

    def _round_trip(self, lab: Lab) -> RoundTrip:
        return RoundTrip(lab.ours, lab.theirs, self._context(), lab.journal)

    def _scene(self) -> Scene:
        lab = self._up()
        return Scene(lab.ours, lab.theirs, self._context(), lab.journal, lab.machines)

    def _context(self) -> ssl.SSLContext:
        """Return how clients judge certificates: by the lab's authority alone."""
        return ssl.create_default_context(cafile=str(self._up().authority_file))


async def _verified(lab: Lab, *, intrusive: bool) -> list[Outcome]:
    world = LiveWorld(
        now=datetime.now(UTC),
        resolvers=(RESOLVER,),
        authorities=lab.authority_file.read_text(),
        reveal=lab.ours.logins.__getitem__ if lab.ours.logins else None,
    )
    asked = verify_jobs(lab.ours.parsed, lab.ours.build, world)
    ours = (job for job in asked if not lab.ours.is_behind_proxy(job.subject))
    jobs = [job for job in ours if job.intrusive is intrusive]
    return [outcome async for outcome in stream(jobs)]
