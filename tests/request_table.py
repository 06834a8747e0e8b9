"""The table of requests in docs/plugins.md, made from the types."""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules

from mailconf.engine.registry import builtin
from mailconf.model import requests
from mailconf.model.request import PluginRequest

COMMON = {field.name for field in fields(PluginRequest)}


def types() -> Iterator[type[PluginRequest]]:
    """Yield the types of requests of built-in plugins, in the order of their modules."""
    for info in iter_modules(requests.__path__, f"{requests.__name__}."):
        for found in vars(import_module(info.name)).values():
            is_type = isinstance(found, type) and issubclass(found, PluginRequest)
            if is_type and found.__module__ == info.name and any(_takers(found)):
                yield found


def _takers(kind: type[PluginRequest]) -> Iterator[str]:
    return (name for name, plugin in sorted(builtin().items()) if kind in plugin.takes)


def table() -> str:
    """Return the table as Markdown."""
    rows = ["| request | fields | unique | accepted by |", "|---|---|---|---|"]
    for kind in types():
        own = ", ".join(f"`{f.name}`" for f in fields(kind) if f.name not in COMMON)
        summary = (inspect.getdoc(kind) or "").split("\n")[0]
        unique = "several" if kind.unique is None else ", ".join(kind.unique) or "one a host"
        takers = ", ".join(_takers(kind))
        rows.append(f"| `{kind.__name__}`: {summary} | {own or '-'} | {unique} | {takers} |")
    return "\n".join(rows)
