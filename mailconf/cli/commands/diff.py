"""mailconf diff: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailconf.cli.arguments import Environment, ExitCode, SpecFile, Templates, Untrusted


def diff(
    spec: SpecFile,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Compare with this rendered tree."),
    ] = None,
    revision: Annotated[
        str,
        typer.Option("--rev", metavar="REV", help="Compare with the spec at this git revision."),
    ] = "",
    env: Environment = "",
    templates: Templates = None,
    exit_code: ExitCode = False,
    untrusted: Untrusted = False,
) -> None:
    """Show how the rendered files differ from DIR or a git revision."""
    from mailconf.app.diff import DiffOptions
    from mailconf.cli.diff import run

    options = DiffOptions(
        spec=spec,
        output=output,
        revision=revision,
        env=env,
        templates=templates,
        untrusted=untrusted,
    )
    run(options, exit_code=exit_code)
