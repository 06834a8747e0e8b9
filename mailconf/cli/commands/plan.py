"""mailconf plan: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailconf.cli.arguments import (
    AllowPrivate,
    Ca,
    Connect,
    Environment,
    ExitCode,
    FailOn,
    Reports,
    Resolvers,
    SpecFile,
    Untrusted,
)


def plan(
    spec: SpecFile,
    env: Environment = "",
    resolver: Resolvers = None,
    authority: Annotated[
        list[str] | None,
        typer.Option(
            "--authority",
            metavar="ADDRESS[:PORT]",
            help="Query this authoritative server instead of those in the NS records.",
        ),
    ] = None,
    ca: Ca = None,
    connect: Connect = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous",
            metavar="DIR",
            help="Earlier rendered tree; records that it has and the spec no longer has are listed for removal.",
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="CODE=REASON", help="Accept an unsafe change."),
    ] = None,
    wait: Annotated[
        str,
        typer.Option(
            "--wait",
            metavar="DURATION",
            help="Repeat until all records are in sync, for up to DURATION, for example 30m.",
        ),
    ] = "",
    exit_code: ExitCode = False,
    untrusted: Untrusted = False,
    allow_private: AllowPrivate = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Compare the spec's DNS records with live DNS."""
    from mailconf.app.loading import patience
    from mailconf.app.plan import PlanOptions
    from mailconf.cli.plan import run

    options = PlanOptions(
        spec=spec, env=env, resolvers=resolver or (), authorities=authority or (), ca=ca,
        connect=connect or (), previous=previous, allow=allow or (), wait=patience(wait),
        untrusted=untrusted, public_only=untrusted and not allow_private,
    )  # fmt: skip
    run(options, fail_on, report or [], exit_code=exit_code)
