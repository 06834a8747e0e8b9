"""Plugins that break: what they raise, or yield of the wrong type, is a finding that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path as File
from traceback import walk_tb
from typing import Any

from pydantic import BaseModel

from mailconf.engine.request_fields import wrong_fields
from mailconf.model.artifact import Render
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Plugin
from mailconf.model.record import Record
from mailconf.model.request import PluginRequest
from mailconf.model.step import Step

BROKEN = Rule(
    code="CFG080",
    name="plugin-broken",
    severity=Severity.ERROR,
    message="plugin {plugin}: {part} {problem}",
    fix="update the package that provides {plugin}, or report this to its author",
)
KINDS: dict[str, type] = {
    "lint": Finding,
    "requests": PluginRequest,
    "records": Record,
    "files": Render,
    "steps": Step,
}
"""What each facet yields."""
TEXTS: dict[type, tuple[str, ...]] = {
    Record: ("name", "type", "value"),
    Render: ("host", "template", "service", "owner", "group"),
}
"""Fields that must be text: a value of another type would break whoever reads it."""


END: Any = object()


class WrongItemError(TypeError):
    """What a plugin yielded is not what belongs there; the message says what and what is expected."""


def contained(
    plugin: Plugin[Any],
    part: str,
    kind: type,
    calls: Iterable[Callable[[], Any]],
    broken: list[Finding],
) -> Iterator[Any]:
    """Yield the items of every call; one that breaks ends it, with a finding in `broken`."""
    made: Iterator[Any] = iter(())
    calls = iter(calls)
    while True:
        # What is raised where an item is taken is no bug of the plugin: nothing is yielded inside.
        try:
            item = next(made, END)
            if item is not END:
                check_item(item, kind)
            elif (call := next(calls, END)) is END:
                return
            else:
                made = iter(items(call()))
                continue
        except BaseException as bug:
            if is_stop(bug):
                raise
            found = broke(plugin, part, bug)
            if found not in broken:
                broken.append(found)
            return
        yield item


def is_stop(bug: BaseException) -> bool:
    """Tell whether somebody stops the command; all else that a plugin raises is its bug.

    That includes exceptions that are no Exception: SystemExit, GeneratorExit, and those of other
    packages, such as a panic of an extension module.
    """
    return isinstance(bug, KeyboardInterrupt)


def items(made: Any) -> Iterable[Any]:
    """Return what a plugin made, to be iterated over; raises WrongItemError where it cannot be."""
    if not isinstance(made, Iterable) or isinstance(made, str):
        if hasattr(made, "close"):
            made.close()  # a coroutine, which Python would warn about
        raise WrongItemError(f"returned {_kind_of(made)}; expected an iterable")
    return made


def check_item(item: object, *kinds: type) -> None:
    """Raise WrongItemError for an item that is of none of these types, or that cannot be read."""
    if not isinstance(item, kinds):
        expected = " or ".join(kind.__name__ for kind in kinds)
        raise WrongItemError(f"yielded {_kind_of(item)}; expected {expected}")
    if isinstance(item, Finding):
        _check_finding(item)
    if isinstance(item, PluginRequest):
        _check_request(item)
    for name in TEXTS.get(type(item), ()):
        value = getattr(item, name)
        if not isinstance(value, str):
            what = f"a {type(item).__name__} whose {name} is {_kind_of(value)}"
            raise WrongItemError(f"yielded {what}; expected text")
    if isinstance(item, Record) and not isinstance(item.ttl, int):
        what = f"a Record whose ttl is {_kind_of(item.ttl)}"
        raise WrongItemError(f"yielded {what}; expected a number of seconds")


def _check_request(request: PluginRequest) -> None:
    for name, value, expected in wrong_fields(request):
        what = f"a {type(request).__name__} whose {name} is {_kind_of(value)}"
        raise WrongItemError(f"yielded {what}; expected {expected}")


def _check_finding(finding: Finding) -> None:
    rule, where = finding.rule, finding.where
    if not isinstance(rule, Rule) or not isinstance(rule.severity, Severity):
        raise WrongItemError("yielded a Finding without a Rule that has a Severity")
    if not isinstance(where, tuple) or not all(isinstance(step, str | int) for step in where):
        raise WrongItemError(f"yielded {finding.rule.code} at a path that is no path of a spec")
    if finding.fault:
        raise WrongItemError(f"yielded {finding.rule.code}, {finding.fault}")


def _kind_of(value: object) -> str:
    return "None" if value is None else type(value).__name__


def broke(plugin: Plugin[Any], part: str, bug: BaseException) -> Finding:
    """Return what went wrong in a plugin."""
    return named_broken(plugin.name, part, described(bug, plugin))


def named_broken(name: str, part: str, problem: str) -> Finding:
    """Return the finding about a plugin that is known by its name only."""
    return BROKEN.at(name, ("plugins", name), plugin=name, part=part, problem=problem)


def described(bug: BaseException, plugin: Plugin[Any] | None = None) -> str:
    """Return the class and line of an exception; its text may hold a secret value."""
    if isinstance(bug, WrongItemError):
        return str(bug)
    at = _line_of(bug, package(plugin.options) if plugin else "")
    return f"raised {type(bug).__name__}{at}"


def package(options: type[BaseModel]) -> str:
    """Return the package, or the single module, that a plugin consists of."""
    return options.__module__.rpartition(".")[0] or options.__module__


def _line_of(bug: BaseException, home: str) -> str:
    """Name the innermost line, that of the plugin's own code where there is one."""
    frames = list(walk_tb(bug.__traceback__))
    own = [one for one in frames if home and _is_in(home, one[0].f_globals)]
    for frame, line in (own or frames)[-1:]:
        return f" at {File(frame.f_code.co_filename).name}:{line}"
    return ""


def _is_in(home: str, names: Mapping[str, Any]) -> bool:
    return f"{names.get('__name__', '')}.".startswith(f"{home}.")
