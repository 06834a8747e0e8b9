"""The commands of `mailconf keys` by name."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for cryptography
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailconf.cli.arguments import SpecFile

keys = typer.Typer(help="Make and look after keys.", no_args_is_help=True)


@keys.command("new")
def keys_new(
    spec: SpecFile,
    domain: Annotated[
        str, typer.Option("--domain", help="Only this one; else every domain without a key.")
    ] = "",
    selector: Annotated[str, typer.Option("--selector", help="Else made from the date.")] = "",
    kind: Annotated[
        str, typer.Option("--type", help="rsa, or ed25519 to sign besides it.")
    ] = "rsa",
    now: Annotated[str, typer.Option("--now", metavar="DATE", help="Pretend it is this day.")] = "",
) -> None:
    """Make DKIM keys: private halves under keys/, public halves into the key file."""
    from mailconf.cli.keys import new

    new(spec, domain, selector, kind, now)


@keys.command("digest")
def keys_digest(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Certificates, requests or keys, PEM.")
    ],
) -> None:
    """Print the digests of TLS keys, for `dane: {keys: [...]}` under a host."""
    from mailconf.cli.keys import digest

    digest(files)
