"""mailconf schema."""

from __future__ import annotations

import sys

from mailconf.engine.registry import builtin
from mailconf.engine.schema import schema


def run() -> None:
    """Print the schema with the options of every built-in plugin."""
    sys.stdout.write(schema(builtin()))
