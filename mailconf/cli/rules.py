"""mailconf rules."""

from __future__ import annotations

import sys

from mailconf.engine.catalogue import all_rules, markdown


def run() -> None:
    """Print the rule catalogue."""
    sys.stdout.write(markdown(all_rules()))
