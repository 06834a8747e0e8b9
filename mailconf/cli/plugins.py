"""mailconf plugins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mailconf.app.loading import trust_in, with_plugins
from mailconf.cli.reporting import unusable_is_reported
from mailconf.cli.say import show
from mailconf.engine.catalogue import rules_in
from mailconf.engine.containment import package
from mailconf.engine.registry import Discovered, builtin
from mailconf.model.lab import LabSupport
from mailconf.model.plugin import Facet, Plugin

HEAD = ("plugin", "from", "jobs", "parts", "rules", "for")
PARTS = ("lint", "requests", "records", "files", "steps")
WORDS = {"checks": ("check", "checks"), "plan_checks": ("plan check", "plan checks")}
OWN, NOT_LOADED = "mailconf", "not loaded: no spec here names it"


def run(spec: Path | None, env: str, *, untrusted: bool) -> None:
    """Print the plugins that there are, and what each brings."""
    with unusable_is_reported("plugins", spec or Path(), []):
        found = with_plugins(spec, env, trust_in(untrusted))
    show("\n".join(_aligned([HEAD, *_rows(found)])) + "\n")


def _rows(found: Discovered) -> Iterator[tuple[str, ...]]:
    for name, plugin in sorted(found.items()):
        source = OWN if name in builtin() else found.installed.get(name, "")
        yield (
            name,
            source,
            _listed(plugin.fills),
            _listed(_parts(plugin)),
            _rules(plugin),
            plugin.summary,
        )
    for name in sorted(found.installed.keys() - found.keys()):
        yield name, found.installed[name], "-", "-", "-", NOT_LOADED


def _parts(plugin: Plugin[Any]) -> Iterator[str]:
    """Yield what a plugin has, as its fields are called; checks with their number."""
    yield from (part for part in PARTS if getattr(plugin, part) != Facet())
    if plugin.lab != LabSupport():
        yield "lab"
    for part in WORDS:
        if count := len(getattr(plugin, part)):
            yield f"{count} {WORDS[part][count > 1]}"


def _rules(plugin: Plugin[Any]) -> str:
    return str(len(rules_in(package(plugin.options))))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "-"


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
