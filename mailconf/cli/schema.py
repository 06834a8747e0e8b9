"""mailconf schema."""

from __future__ import annotations

from pathlib import Path

from mailconf.cli.loading import trust_in, with_plugins
from mailconf.cli.streams import output
from mailconf.engine.schema import schema


def run(spec: Path | None, env: str, *, untrusted: bool) -> None:
    """Print the schema with the options of every built-in plugin, and of those that a spec names."""
    with with_plugins("schema", spec, env, trust_in(untrusted)) as found:
        output().write(schema(found))
