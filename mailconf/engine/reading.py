"""What a plugin's code reads, where the plugin does not declare it: found in the code itself."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from mailconf.engine.containment import package
from mailconf.model.plugin import Facet, Plugin

FACETS = ("lint", "requests", "records", "files", "steps")


def levels(plugin: Plugin[Any]) -> frozenset[str]:
    """Return where a plugin's options are read: `hosts`, `domains`, or only under `plugins`."""
    facets: list[Facet[Any, Any]] = [getattr(plugin, name) for name in FACETS]
    used = names_in(package(plugin.options))
    absent: Facet[Any, Any] = Facet()
    found = set()
    if "for_host" in used or any(facet.host is not absent.host for facet in facets):
        found.add("hosts")
    if "for_domain" in used or any(facet.domain is not absent.domain for facet in facets):
        found.add("domains")
    return frozenset(found)


@cache
def names_in(home: str) -> frozenset[str]:
    """Return the attributes and globals that the functions of a package name."""
    modules = [m for name, m in list(sys.modules.items()) if f"{name}.".startswith(f"{home}.")]
    return frozenset(name for module in modules for name in _names(module))


def _names(module: ModuleType) -> Iterator[str]:
    for value in vars(module).values():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            yield from _of_code(value.__code__)
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield from _of_class(value)


def _of_class(found: type) -> Iterator[str]:
    for value in vars(found).values():
        method = getattr(value, "__func__", getattr(value, "fget", getattr(value, "func", value)))
        if isinstance(method, FunctionType):
            yield from _of_code(method.__code__)


def _of_code(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    inner: Iterable[Any] = code.co_consts
    for constant in inner:
        if isinstance(constant, CodeType):
            yield from _of_code(constant)
