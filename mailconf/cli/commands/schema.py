"""mailconf schema: its arguments."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from mailconf.cli.arguments import Environment, OptionalSpec, Untrusted


def schema(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """Print the JSON Schema of the spec, for editors."""
    from mailconf.cli.schema import run

    run(spec, env, untrusted=untrusted)
