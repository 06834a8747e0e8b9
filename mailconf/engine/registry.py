"""Find plugins: every package in mailconf.plugins, then the entry points that a spec names."""

from __future__ import annotations

import pkgutil
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path as File
from typing import Any

from pydantic import BaseModel

from mailconf import plugins
from mailconf.engine.catalogue import all_rules, declared_in, rules_in
from mailconf.engine.containment import (
    WrongItemError,
    described,
    is_stop,
    named_broken,
    package,
)
from mailconf.engine.local_plugins import LocalPlugin, local_plugin
from mailconf.engine.refused import refusal
from mailconf.engine.typed_fields import wrong_fields
from mailconf.formats.paths import PathRefusedError
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import API_VERSION, Check, Plugin
from mailconf.model.record_kind import RecordKinds
from mailconf.model.request import PluginRequest

GROUP = "mailconf.plugins"
CHECK_ID = r"[a-z][a-z0-9_-]*(\.[a-zA-Z0-9_-]+)+"
NAME = r"[a-z][a-z0-9_]*"
CODE_TWICE = Rule(
    code="CFG081",
    name="rule-code-not-unique",
    severity=Severity.WARNING,
    message="plugin {plugin} has a rule {code} {name}; the code belongs to {other}",
    fix="report this to the author of {plugin}; until then a waiver of {code} covers both",
)


class Discovered(dict[str, Plugin[Any]]):
    """Plugins by name, `findings` what keeps some out.

    `installed` are all names of entry points, with the packages that they come from.
    """

    def __init__(self, plugins: Mapping[str, Plugin[Any]]) -> None:
        super().__init__(plugins)
        self.installed: Mapping[str, str] = {}
        self.findings: list[Finding] = []


@cache
def builtin() -> dict[str, Plugin[Any]]:
    """Return the plugins of the package by name, in alphabetical order."""
    names = sorted(info.name for info in pkgutil.iter_modules(plugins.__path__))
    found = [import_module(f"{plugins.__name__}.{name}").plugin for name in names]
    return {plugin.name: plugin for plugin in found}


def record_kinds(plugins: Mapping[str, Plugin[Any]]) -> RecordKinds:
    """Return the kinds of records that plugins bring."""
    return RecordKinds(kind for plugin in plugins.values() for kind in plugin.record_kinds)


def discover(wanted: Collection[str], beside: File | None = None) -> Discovered:
    """Return the built-in plugins and those third-party ones that `wanted` names.

    These come from entry points, and from files in plugins/ in the folder `beside` (local_plugins).
    """
    found = Discovered(builtin())
    points = tuple(entry_points(group=GROUP))
    local = list(_beside(found, wanted, beside)) if beside else []
    sources: list[EntryPoint | LocalPlugin] = [*points, *local]
    counted = Counter(source.name for source in sources)
    installed = {point.name: _package_of(point) for point in points}
    found.installed = installed | {one.name: one.value for one in local}
    for source in sources:
        if source.name in wanted:
            _add(found, source, counted[source.name])
    return found


def _beside(found: Discovered, wanted: Collection[str], folder: File) -> Iterator[LocalPlugin]:
    """Yield the files beside a spec that are plugins; one that may not be read is a finding."""
    for name in sorted(wanted):
        try:
            if local := local_plugin(name, folder):
                yield local
        except PathRefusedError as why:
            found.findings.append(refusal(why, ("plugins", name)))


def _package_of(point: EntryPoint) -> str:
    """Return the name and version of the package that announces a plugin, and where it lies there."""
    package = f"{point.dist.name} {point.dist.version}, " if point.dist else ""
    return f"{package}{point.value}"


def _add(found: Discovered, point: EntryPoint | LocalPlugin, count: int) -> None:
    """Add one plugin, or the finding that says why it cannot be used."""
    try:
        if point.name in builtin():
            raise WrongItemError("has the name of a built-in plugin")
        if count > 1:
            raise WrongItemError(f"has a name that {count} plugins use; expected one")
        plugin = _usable(point.load())
        _check_rules(plugin)
        _check_record_kinds(plugin, found)
        found[point.name] = plugin
        _check_name(plugin, point.name)
    except BaseException as bug:
        if is_stop(bug):
            raise
        part = "file" if isinstance(point, LocalPlugin) else "entry point"
        finding = named_broken(point.name, f"{part} {point.value}", described(bug))
        if finding not in found.findings:
            found.findings.append(finding)
        return
    found.findings += _codes_twice(plugin)


def _usable(loaded: Any) -> Plugin[Any]:
    """Return a plugin; raises WrongItemError for anything else."""
    if not isinstance(loaded, Plugin):
        raise WrongItemError(f"is {type(loaded).__name__}; expected Plugin")
    if loaded.api != API_VERSION:
        raise WrongItemError(
            f"is written for version {loaded.api} of mailconf.api; expected {API_VERSION}"
        )
    if not (isinstance(loaded.options, type) and issubclass(loaded.options, BaseModel)):
        raise WrongItemError("has options that are no pydantic model")
    for name, problem in wrong_fields(loaded):
        raise WrongItemError(f"has the field {name}, which {problem}")
    for check in (*loaded.checks, *loaded.plan_checks):
        _check_check(check)
    _check_takes(loaded.takes)
    return loaded


def _check_check(check: Check[Any]) -> None:
    """Raise WrongItemError for a check that cannot be selected."""
    if not re.fullmatch(CHECK_ID, check.id):
        raise WrongItemError(f"has a check with the id {check.id!r}; expected family.name")


def _check_takes(takes: tuple[Any, ...]) -> None:
    if not all(map(_is_request_type, takes)):
        raise WrongItemError("takes something else than a tuple of types of PluginRequest")


def _is_request_type(found: object) -> bool:
    return isinstance(found, type) and issubclass(found, PluginRequest)


def _check_name(plugin: Plugin[Any], name: str) -> None:
    """Raise WrongItemError for a name that a spec cannot use."""
    if plugin.name != name:
        raise WrongItemError(f"is a plugin called {plugin.name!r}; expected the entry point's name")
    if not re.fullmatch(NAME, name):
        raise WrongItemError("has a name that is not of small letters, digits and _")
    if name in _spec_keys():
        raise WrongItemError("has the name of a key of hosts or domains")


def _check_rules(plugin: Plugin[Any]) -> None:
    """Raise WrongItemError for a rule that no report and no catalogue could show."""
    for rule in declared_in(package(plugin.options)):
        for name, problem in wrong_fields(rule):
            raise WrongItemError(f"has a rule whose {name} {problem}")


def _check_record_kinds(plugin: Plugin[Any], others: Mapping[str, Plugin[Any]]) -> None:
    """Raise WrongItemError for a kind of records that another plugin brings."""
    known = [kind for other in others.values() for kind in other.record_kinds]
    for kind in plugin.record_kinds:
        for name, problem in wrong_fields(kind):
            raise WrongItemError(f"has a kind of records whose {name} {problem}")
        if not re.fullmatch(NAME, kind.name) or kind.name in record_kinds(others).names:
            raise WrongItemError(f"has a kind of records called {kind.name!r}; expected a new name")
        if not (kind.tag or kind.label):
            raise WrongItemError(f"has a kind of all {kind.type} records; expected a tag or label")
        if any(one.tag.lower() == kind.tag.lower() for one in known if kind.tag):
            raise WrongItemError(f"has a kind of records with the tag of another, {kind.tag!r}")


def _spec_keys() -> set[str]:
    models: tuple[type[BaseModel], ...] = (Host, Domain)
    return {f.alias or name for model in models for name, f in model.model_fields.items()}


def _codes_twice(plugin: Plugin[Any]) -> Iterator[Finding]:
    """Yield the rules of a third party that have the code or the name of another rule."""
    known = {rule.code: rule for rule in all_rules()}
    for rule in rules_in(package(plugin.options)):
        other = known.setdefault(rule.code, rule)
        if other is not rule:
            facts = {"plugin": plugin.name, "code": rule.code, "name": rule.name}
            yield CODE_TWICE.at(plugin.name, ("plugins", plugin.name), other=other.name, **facts)


__all__ = ["Discovered", "builtin", "discover", "record_kinds"]
