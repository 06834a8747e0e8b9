"""mailconf schema."""

from __future__ import annotations

from pathlib import Path

from mailconf.app.loading import trust_in, with_plugins
from mailconf.cli.reporting import unusable_is_reported
from mailconf.cli.streams import output
from mailconf.engine.schema import schema


def run(spec: Path | None, env: str, *, untrusted: bool) -> None:
    """Print the schema with the options of every built-in plugin, and of those that a spec names."""
    with unusable_is_reported("schema", spec or Path(), []):
        found = with_plugins(spec, env, trust_in(untrusted))
    output().write(schema(found))
