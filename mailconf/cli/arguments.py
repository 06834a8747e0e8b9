"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SpecFile = Annotated[Path, typer.Argument(metavar="SPEC", help="The YAML spec.")]
OptionalSpec = Annotated[
    Path | None, typer.Argument(metavar="SPEC", help="With the plugins that this YAML spec names.")
]
Environment = Annotated[
    str, typer.Option("--env", metavar="NAME", help="Overlay environments/NAME.yaml.")
]
Templates = Annotated[
    Path | None,
    typer.Option(
        "--templates", metavar="DIR", help="Your own templates, file by file before ours."
    ),
]
FailOn = Annotated[
    str, typer.Option("--fail-on", metavar="SEVERITY", help="notice, warning or error.")
]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT[=PATH]",
        help="text, json, junit or markdown; may be given several times.",
    ),
]
Resolvers = Annotated[
    list[str] | None,
    typer.Option("--resolver", metavar="ADDRESS[:PORT]", help="Ask this DNS server."),
]
Ca = Annotated[
    Path | None,
    typer.Option("--ca", metavar="FILE", help="Trust these authorities besides the system's."),
]
Connect = Annotated[
    list[str] | None,
    typer.Option("--connect", metavar="HOST=ADDRESS", help="Reach HOST at ADDRESS (NAT)."),
]
Target = Annotated[
    str,
    typer.Option("--target", metavar="RELEASE", help="Run every host on this release instead."),
]
Log = Annotated[
    Path | None,
    typer.Option("--log", metavar="FILE", help="Keep what all daemons of the lab logged."),
]
Output = Annotated[
    Path, typer.Option("-o", "--output", metavar="DIR", help="Where the rendered tree lies.")
]
Untrusted = Annotated[
    bool,
    typer.Option(
        "--untrusted",
        envvar="MAILCONF_UNTRUSTED",
        help="Refuse what SPEC must be trusted for (docs/security.md).",
    ),
]
AllowPrivate = Annotated[
    bool,
    typer.Option("--allow-private", help="With --untrusted, connect to private addresses too."),
]
