"""Checking a spec against its schema and all rules."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mailconf.app.loading import today, trust_in
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LintOptions:
    """Which spec; `env` names an overlay, `untrusted` is for a spec of strangers (docs/security.md)."""

    spec: Path
    env: str = ""
    untrusted: bool = False


def lint(options: LintOptions) -> Report:
    """Return what is wrong with a spec; raises SpecFileError or UnusableSpecError for one that is none."""
    begun = time.perf_counter()
    with collecting_rarely():
        parsed = read(options.spec, options.env, trust=trust_in(options.untrusted))
        result = build(parsed, Renderer())
    findings = waive(result.findings, result.spec.waivers, today())
    findings += tuple(_about_waivers(parsed, result))
    return Report("lint", str(options.spec), findings, seconds=time.perf_counter() - begun)


def _about_waivers(parsed: Parsed, result: Build) -> Iterator[Finding]:
    waivers = result.spec.waivers
    others = [package(p.options) for name, p in parsed.plugins.items() if name not in builtin()]
    elsewhere = live_codes(others) if waivers else frozenset()
    for finding in idle(result.findings, waivers, today(), elsewhere):
        yield finding.placed(result.places.of(finding.where))
