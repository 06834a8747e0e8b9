"""mailconf plugins: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from mailconf.cli.arguments import Environment, OptionalSpec, Untrusted


def plugins(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """List plugins with their package, jobs, parts and rules."""
    from mailconf.cli.plugins import run

    run(spec, env, untrusted=untrusted)
