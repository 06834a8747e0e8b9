"""The command line: arguments, exit codes, and nothing else. One command per file."""

from __future__ import annotations


def main() -> None:
    """Run the command line; the exit status is the command's."""
    from mailconf.cli.app import app  # noqa: PLC0415, so that importing mailconf.cli costs nothing

    app(prog_name="mailconf")
