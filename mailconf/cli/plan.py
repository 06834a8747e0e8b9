"""mailconf plan."""

from __future__ import annotations

from functools import partial
from typing import NoReturn

import typer

from mailconf.app.errors import Interrupted
from mailconf.app.plan import PlanOptions, plan
from mailconf.cli.progress import progress
from mailconf.cli.reporting import publish, severity, unusable_is_reported
from mailconf.engine.exit_codes import ExitCode, plan_exit_code


def run(options: PlanOptions, fail_on: str, reports: list[str], *, exit_code: bool) -> NoReturn:
    """Say what publishing a spec would change, and refuse what would break something."""
    limit = severity(fail_on)
    try:
        with unusable_is_reported("plan", options.spec, reports):
            report = plan(options, partial(progress, "plan"))
    except Interrupted as stopped:
        publish(stopped.report, reports)
        raise SystemExit(ExitCode.INTERRUPTED) from None
    publish(report, reports)
    raise typer.Exit(plan_exit_code(report, limit, exit_code or options.wait > 0))
