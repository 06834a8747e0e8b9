"""The command line: arguments, exit codes, and nothing else. One command per file."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the exit status is the command's."""
    # So that importing mailconf.cli costs nothing.
    from mailconf.cli.streams import ended, guarded  # noqa: PLC0415

    behind = guarded()
    sys.exit(ended(behind, _status()))  # type: ignore[arg-type]


def _status() -> object:
    from mailconf.app.errors import CommandError  # noqa: PLC0415
    from mailconf.cli.app import app  # noqa: PLC0415
    from mailconf.cli.say import crashed, say  # noqa: PLC0415

    try:
        app(prog_name="mailconf")
    except SystemExit as end:
        return end.code
    except CommandError as why:
        say(f"mailconf: {why}", err=True)
        return 2
    except Exception as bug:
        crashed(bug)
        return 2
    return 0
