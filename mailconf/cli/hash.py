"""mailconf hash."""

from __future__ import annotations

import getpass
import sys

import typer

from mailconf.app.errors import refuse
from mailconf.engine.passwords import argon2id


def run() -> None:
    """Read a password from the terminal, twice, or one line of standard input; print its hash."""
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Repeat password: "):
            refuse("the passwords do not match")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if not password:
        refuse("the password must not be empty")
    typer.echo(argon2id(password))
