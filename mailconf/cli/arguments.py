"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SpecFile = Annotated[Path, typer.Argument(metavar="SPEC", help="Spec file (YAML).")]
OptionalSpec = Annotated[
    Path | None, typer.Argument(metavar="SPEC", help="Spec file (YAML); includes its plugins.")
]
Environment = Annotated[
    str, typer.Option("--env", metavar="NAME", help="Apply the overlay environments/NAME.yaml.")
]
Templates = Annotated[
    Path | None,
    typer.Option(
        "--templates",
        metavar="DIR",
        help="Directory with templates that override the built-in ones.",
    ),
]
FailOn = Annotated[
    str,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Lowest severity that makes the command fail: notice, warning or error.",
    ),
]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT[=PATH]",
        help="Report format: text, json, junit or markdown. Can be repeated.",
    ),
]
Resolvers = Annotated[
    list[str] | None,
    typer.Option("--resolver", metavar="ADDRESS[:PORT]", help="DNS resolver to use."),
]
Ca = Annotated[
    Path | None,
    typer.Option(
        "--ca",
        metavar="FILE",
        help="Trust the CA certificates in FILE in addition to the system's.",
    ),
]
Connect = Annotated[
    list[str] | None,
    typer.Option(
        "--connect",
        metavar="HOST=ADDRESS",
        help="Connect to ADDRESS instead of HOST (for NAT). HOST:PORT=ADDRESS:PORT also works.",
    ),
]
Target = Annotated[
    str,
    typer.Option("--target", metavar="RELEASE", help="Run every host on this release instead."),
]
Log = Annotated[
    Path | None,
    typer.Option("--log", metavar="FILE", help="Keep what all daemons of the lab logged."),
]
ExitCode = Annotated[
    bool, typer.Option("--exit-code", help="Exit with status 1 if there are differences.")
]
Offline = Annotated[
    Path | None,
    typer.Option("--offline", metavar="DIR", help="Check a rendered tree instead of live servers."),
]
OnlyChecks = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="PATTERN",
        help="Run only matching checks: check id, plugin, protocol, host, domain or rule code; * and ? are wildcards.",
    ),
]
SkippedChecks = Annotated[
    list[str] | None, typer.Option("--skip", metavar="PATTERN", help="Skip matching checks.")
]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Output directory.")]
Untrusted = Annotated[
    bool,
    typer.Option(
        "--untrusted",
        envvar="MAILCONF_UNTRUSTED",
        help="Reject what only a trusted SPEC may do (docs/security.md).",
    ),
]
AllowPrivate = Annotated[
    bool,
    typer.Option("--allow-private", help="With --untrusted, also connect to private addresses."),
]
