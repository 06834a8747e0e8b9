"""mailconf lint."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from mailconf.cli.loading import today, trust_in
from mailconf.cli.reporting import finish, severity, unusable_is_reported
from mailconf.cli.streams import keep_reports_apart
from mailconf.engine.build import build, read
from mailconf.engine.catalogue import live_codes
from mailconf.engine.containment import package
from mailconf.engine.gc_tuning import collecting_rarely
from mailconf.engine.parse import Parsed
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from mailconf.engine.waive import idle, waive
from mailconf.model.finding import Finding
from mailconf.model.outcome import Build, Report


def run(spec: Path, env: str, fail_on: str, reports: list[str], *, untrusted: bool = False) -> None:
    """Report what is wrong with a spec."""
    limit, begun = severity(fail_on), time.perf_counter()
    with unusable_is_reported("lint", spec, reports), collecting_rarely():
        keep_reports_apart()
        parsed = read(spec, env, trust=trust_in(untrusted))
        result = build(parsed, Renderer())
    findings = waive(result.findings, result.spec.waivers, today()) + tuple(
        _about_waivers(parsed, result)
    )
    seconds = time.perf_counter() - begun
    finish(Report("lint", str(spec), findings, seconds=seconds), reports, limit)


def _about_waivers(parsed: Parsed, result: Build) -> Iterator[Finding]:
    waivers = result.spec.waivers
    others = [package(p.options) for name, p in parsed.plugins.items() if name not in builtin()]
    elsewhere = live_codes(others) if waivers else frozenset()
    for finding in idle(result.findings, waivers, today(), elsewhere):
        yield finding.placed(result.places.of(finding.where))
