"""Find plugins: every package in mailconf.plugins, then the entry points that a spec names."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from mailconf import plugins
from mailconf.model.plugin import Plugin

GROUP = "mailconf.plugins"


@cache
def builtin() -> dict[str, Plugin[Any]]:
    """Return the plugins of the package by name, in alphabetical order."""
    names = sorted(info.name for info in pkgutil.iter_modules(plugins.__path__))
    found = [import_module(f"{plugins.__name__}.{name}").plugin for name in names]
    return {plugin.name: plugin for plugin in found}


def discover(wanted: Collection[str]) -> dict[str, Plugin[Any]]:
    """Return the built-in plugins and those third-party ones that `wanted` names."""
    found = dict(builtin())
    missing = set(wanted) - found.keys()
    if missing:
        for point in entry_points(group=GROUP):
            if point.name in missing:
                found[point.name] = point.load()
    return found
