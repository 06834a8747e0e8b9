"""mailconf lint."""

from __future__ import annotations

import time
from pathlib import Path

from mailconf.cli.finish import finish, severity, unusable_is_reported
from mailconf.cli.sources import built
from mailconf.model.outcome import Report


def run(spec: Path, env: str, fail_on: str, reports: list[str]) -> None:
    """Report what is wrong with a spec."""
    limit, begun = severity(fail_on), time.perf_counter()
    with unusable_is_reported("lint", spec, reports):
        _, result = built(spec, env, None)
    seconds = time.perf_counter() - begun
    finish(Report("lint", str(spec), result.findings, seconds=seconds), reports, limit)
