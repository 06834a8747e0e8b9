"""mailconf hash: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations


def hash_password() -> None:
    """Hash a mailbox password (Argon2id), read from the terminal."""
    from mailconf.cli.hash import run

    run()
