"""All commands by name; what a command needs is imported when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from mailconf import __version__
from mailconf.cli.commands.diff import diff
from mailconf.cli.commands.hash import hash_password
from mailconf.cli.commands.inspect import inspect
from mailconf.cli.commands.keys import keys
from mailconf.cli.commands.lab import lab
from mailconf.cli.commands.lint import lint
from mailconf.cli.commands.plan import plan
from mailconf.cli.commands.plugins import plugins
from mailconf.cli.commands.render import render
from mailconf.cli.commands.rules import rules
from mailconf.cli.commands.schema import schema
from mailconf.cli.commands.verify import verify

app = typer.Typer(
    help="Infrastructure as code for e-mail: render, publish, deploy and verify mail systems from one YAML spec.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(lab, name="lab")
app.add_typer(keys, name="keys")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mailconf {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


COMMANDS = (lint, render, diff, verify, plan, inspect, schema, rules, plugins)
for command in COMMANDS:
    app.command()(command)
app.command("hash")(hash_password)
