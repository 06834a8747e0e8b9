"""mailconf verify: its arguments."""

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
    FailOn,
    Offline,
    OnlyChecks,
    Reports,
    Resolvers,
    SkippedChecks,
    SpecFile,
    Untrusted,
)


def verify(
    spec: SpecFile,
    env: Environment = "",
    resolver: Resolvers = None,
    ca: Ca = None,
    connect: Connect = None,
    only: OnlyChecks = None,
    skip: SkippedChecks = None,
    ehlo_name: Annotated[
        str, typer.Option("--ehlo-name", metavar="NAME", help="Name to send in EHLO.")
    ] = "mailconf-probe.invalid",
    source: Annotated[
        str, typer.Option("--source", metavar="ADDRESS", help="Local address to connect from.")
    ] = "",
    retry: Annotated[
        int,
        typer.Option(
            "--retry", metavar="N", min=0, help="Retry checks that ended as unknown, up to N times."
        ),
    ] = 0,
    wait: Annotated[
        str,
        typer.Option(
            "--wait",
            metavar="DURATION",
            help="Repeat failed and unknown checks for up to DURATION, for example 30m.",
        ),
    ] = "",
    offline: Offline = None,
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="FILE", help="Record all queries and responses in FILE."),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", metavar="FILE", help="Check a recording instead of live servers."),
    ] = None,
    intrusive: Annotated[
        bool,
        typer.Option(
            "--intrusive",
            help="Also log in to the accounts in plugins.round_trip.logins and send test messages.",
        ),
    ] = False,
    list_checks: Annotated[
        bool,
        typer.Option("--list-checks", help="List the checks, and what each verifies, then exit."),
    ] = False,
    untrusted: Untrusted = False,
    allow_private: AllowPrivate = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Check live DNS, SMTP, IMAP, POP3 and HTTPS against the spec."""
    from mailconf.app.loading import patience
    from mailconf.app.verify import VerifyOptions
    from mailconf.app.worlds import Reach
    from mailconf.cli.verify import list_checks as listed
    from mailconf.cli.verify import run

    reach = Reach(
        resolvers=resolver or (), ca=ca, connect=connect or (), ehlo_name=ehlo_name, source=source,
        passwords=spec.parent if intrusive else None, offline=offline, replay=replay,
        public_only=untrusted and not allow_private,
    )  # fmt: skip
    options = VerifyOptions(
        spec=spec, env=env, reach=reach, only=only or (), skip=skip or (), retry=retry,
        wait=patience(wait), record=record, untrusted=untrusted,
    )  # fmt: skip
    if list_checks:
        listed(options)
        return
    run(options, fail_on, report or [])
