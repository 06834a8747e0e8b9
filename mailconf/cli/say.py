"""What the commands print: every line without secrets, and through the one way out for text of others."""

from __future__ import annotations

import traceback

import typer

from mailconf.cli.streams import output
from mailconf.model.hiding import SECRETS
from mailconf.report import foreign


def say(line: str, *, err: bool = False) -> None:
    """Print one line."""
    typer.echo(foreign.one_line(SECRETS.hide(line)), None if err else output(), err=err)


def show(text: str, *, err: bool = False) -> None:
    """Print a text of several lines, a difference or a report; its last line has its own end."""
    typer.echo(foreign.lines(SECRETS.hide(text)), None if err else output(), err=err, nl=False)


def crashed(bug: BaseException) -> None:
    """Print a traceback without secrets: a message of an exception may hold one."""
    show("".join(traceback.format_exception(bug)), err=True)
