"""mailconf rules: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from mailconf.cli.arguments import Environment, OptionalSpec, Untrusted


def rules(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """Print all rules as Markdown."""
    from mailconf.cli.rules import run

    run(spec, env, untrusted=untrusted)
