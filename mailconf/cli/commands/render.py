"""mailconf render: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from typing import Annotated

import typer

from mailconf.cli.arguments import Environment, Output, SpecFile, Templates, Untrusted


def render(
    spec: SpecFile,
    output: Output,
    env: Environment = "",
    templates: Templates = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with status 1 if DIR is not up to date."),
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff",
            help="Write nothing; show the differences and exit with status 1 if there are any.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that were modified after rendering.")
    ] = False,
    secrets: Annotated[
        bool, typer.Option("--secrets", help="Also write files that contain secrets (mode 0600).")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="GLOB", help="Render only paths that match GLOB."),
    ] = None,
    untrusted: Untrusted = False,
) -> None:
    """Write configuration files, DNS data and client files."""
    from mailconf.app.render import RenderOptions
    from mailconf.cli.render import run

    options = RenderOptions(
        spec=spec, output=output, env=env, templates=templates, force=force, secrets=secrets,
        only=tuple(only or ()), untrusted=untrusted, compare_only=check or diff,
    )  # fmt: skip
    run(options, "diff" if diff else "check" if check else "write")
