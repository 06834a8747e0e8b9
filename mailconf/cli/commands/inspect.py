"""mailconf inspect: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailconf.cli.arguments import FailOn, Reports, Resolvers


def inspect(
    message: Annotated[Path, typer.Argument(metavar="MESSAGE", help="Received message (.eml).")],
    ip: Annotated[
        str,
        typer.Option("--ip", help="Client IP address; default: from the Received header."),
    ] = "",
    helo: Annotated[str, typer.Option("--helo", metavar="NAME", help="Client EHLO name.")] = "",
    mail_from: Annotated[
        str, typer.Option("--from", metavar="ADDRESS", help="Envelope sender.")
    ] = "",
    resolver: Resolvers = None,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Show how a receiver evaluates a message: SPF, DKIM, DMARC."""
    from mailconf.app.inspect import InspectOptions
    from mailconf.cli.inspect import run

    options = InspectOptions(
        message=message, ip=ip, helo=helo, mail_from=mail_from, resolvers=resolver or ()
    )
    run(options, fail_on, report or [])
