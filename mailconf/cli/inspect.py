"""mailconf inspect."""

from __future__ import annotations

from mailconf.app.inspect import InspectOptions, inspect_message
from mailconf.cli.reporting import finish, severity, targets


def run(options: InspectOptions, fail_on: str, reports: list[str]) -> None:
    """Say what a receiver would of one message."""
    limit = severity(fail_on)
    targets(reports)
    finish(inspect_message(options), reports, limit)
