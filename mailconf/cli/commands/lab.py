"""The commands of `mailconf lab` by name."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for what a lab needs
from __future__ import annotations

from typing import Annotated

import typer

from mailconf.cli.arguments import (
    Environment,
    FailOn,
    Log,
    Reports,
    SpecFile,
    Target,
    Templates,
    Untrusted,
)

lab = typer.Typer(
    help="Run the rendered files as real daemons in isolated namespaces.", no_args_is_help=True
)


@lab.command("run")
def lab_run(
    spec: SpecFile,
    env: Environment = "",
    target: Target = "",
    templates: Templates = None,
    log: Log = None,
    untrusted: Untrusted = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Boot the rendered files, verify them, exchange test mail, and clean up."""
    from mailconf.cli.lab import Wish, run

    run(Wish(spec, env, target, templates, log, fail_on, report or [], untrusted))


@lab.command("inside", hidden=True)
def lab_inside(
    spec: SpecFile,
    env: Environment = "",
    target: Target = "",
    templates: Templates = None,
    log: Log = None,
    untrusted: Untrusted = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Internal: first process in the lab's namespaces."""
    from mailconf.cli.lab import Wish, inside

    inside(Wish(spec, env, target, templates, log, fail_on, report or [], untrusted))


@lab.command("image")
def lab_image(
    target: Annotated[str, typer.Argument(help="Release to build.")] = "debian-12",
) -> None:
    """Build a lab image and print its path."""
    from mailconf.cli.lab import build_image

    build_image(target)
