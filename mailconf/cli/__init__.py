"""The command line: arguments, exit codes, and nothing else. One command per file."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the exit status is the command's."""
    # So that importing mailconf.cli costs nothing.
    from mailconf.cli.app import app  # noqa: PLC0415
    from mailconf.cli.say import any_encoding, crashed  # noqa: PLC0415

    any_encoding()
    try:
        app(prog_name="mailconf")
    except Exception as bug:
        crashed(bug)
        sys.exit(2)
