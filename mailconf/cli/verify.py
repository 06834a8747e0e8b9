"""mailconf verify."""

from __future__ import annotations

from functools import partial

from mailconf.app.errors import Interrupted
from mailconf.app.verify import VerifyOptions, verify
from mailconf.cli.progress import counted
from mailconf.cli.reporting import finish, publish, severity, unusable_is_reported
from mailconf.engine.exit_codes import ExitCode


def run(options: VerifyOptions, fail_on: str, reports: list[str]) -> None:
    """Check the world against the spec."""
    limit = severity(fail_on)
    try:
        with unusable_is_reported("verify", options.spec, reports):
            report = verify(options, partial(counted, "verify"))
    except Interrupted as stopped:
        publish(stopped.report, reports)
        raise SystemExit(ExitCode.INTERRUPTED) from None
    finish(report, reports, limit)
