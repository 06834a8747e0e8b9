"""mailconf rules."""

from __future__ import annotations

from pathlib import Path

from mailconf.app.loading import trust_in, with_plugins
from mailconf.cli.reporting import unusable_is_reported
from mailconf.cli.streams import output
from mailconf.engine.catalogue import all_rules, markdown, rules_in
from mailconf.engine.containment import package


def run(spec: Path | None, env: str, *, untrusted: bool) -> None:
    """Print the rule catalogue, with the rules of the plugins that a spec names."""
    with unusable_is_reported("rules", spec or Path(), []):
        found = with_plugins(spec, env, trust_in(untrusted))
    known = {rule.code: rule for rule in all_rules()}
    for plugin in found.values():
        known |= {rule.code: rule for rule in rules_in(package(plugin.options))}
    output().write(markdown([known[code] for code in sorted(known)]))
