"""mailconf inspect."""

from __future__ import annotations

from mailconf.app.inspect import InspectOptions
from mailconf.app.inspect import inspect as inspected
from mailconf.cli.reporting import finish, severity, targets


def run(options: InspectOptions, fail_on: str, reports: list[str]) -> None:
    """Say what a receiver would of one message."""
    limit = severity(fail_on)
    targets(reports)
    finish(inspected(options), reports, limit)
