"""Plugins that break: what they raise, or yield of the wrong type, is a finding that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path as File
from traceback import walk_tb
from typing import Any

from pydantic import BaseModel

from mailconf.engine.typed_fields import kind_of, wrong_fields
from mailconf.model.artifact import Render
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Plugin
from mailconf.model.record import Record
from mailconf.model.record_faults import fault
from mailconf.model.request import PluginRequest
from mailconf.model.step import Step

BROKEN = Rule(
    code="CFG080",
    name="plugin-broken",
    severity=Severity.ERROR,
    message="plugin {plugin}: {part} {problem}",
    fix="update the package or the file that provides {plugin}, or report this to its author",
)
KINDS: dict[str, type] = {
    "lint": Finding,
    "requests": PluginRequest,
    "records": Record,
    "files": Render,
    "steps": Step,
}
"""What each facet yields."""
MOST_MODE = 0o7777


END: Any = object()
BUILT_IN = "mailconf.plugins."


class WrongItemError(TypeError):
    """What a plugin yielded is not what belongs there; the message says what and what is expected."""


def contained(
    plugin: Plugin[Any] | str,
    part: str,
    kind: type,
    calls: Iterable[Callable[[], Any]],
    broken: list[Finding],
) -> Iterator[Any]:
    """Yield the items of every call; one that breaks ends it, with a finding in `broken`."""
    made: Iterator[Any] = iter(())
    calls = iter(calls)
    check = _check_kind if _is_built_in(plugin) else check_item
    while True:
        # What is raised where an item is taken is no bug of the plugin: nothing is yielded inside.
        try:
            item = next(made, END)
            if item is not END:
                check(item, kind)
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


def _is_built_in(plugin: Plugin[Any] | str) -> bool:
    """Tell whether a type checker has seen a plugin: what it yields need not be looked at each time."""
    return not isinstance(plugin, str) and package(plugin.options).startswith(BUILT_IN)


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
        raise WrongItemError(f"returned {kind_of(made)}; expected an iterable")
    return made


def _check_kind(item: object, *kinds: type) -> None:
    if not isinstance(item, kinds):
        expected = " or ".join(kind.__name__ for kind in kinds)
        raise WrongItemError(f"yielded {kind_of(item)}; expected {expected}")


def check_item(item: object, *kinds: type) -> None:
    """Raise WrongItemError for an item that is of none of these types, or that cannot be read."""
    _check_kind(item, *kinds)
    for name, problem in wrong_fields(item):
        raise WrongItemError(f"yielded a {type(item).__name__} whose {name} {problem}")
    for kind, check in CHECKS.items():
        if isinstance(item, kind):
            check(item)


def _check_finding(finding: Finding) -> None:
    if finding.fault:
        raise WrongItemError(f"yielded {finding.rule.code}, {finding.fault}")


def _check_request(request: PluginRequest) -> None:
    """Read what its own type may have redefined."""
    unique = [getattr(request, name) for name in request.unique or ()]
    hash((request, *unique))
    if not isinstance(request.subject, str) or not isinstance(request.what, str):
        raise WrongItemError(f"yielded a {type(request).__name__} whose subject is no text")


def _check_render(order: Render) -> None:
    if not 0 <= order.mode <= MOST_MODE:
        raise WrongItemError(f"yielded a Render whose mode is {order.mode:o}; expected 644, say")


def _check_record(record: Record) -> None:
    if problem := fault(record):
        raise WrongItemError(f"yielded a {record.type} record: {problem}")


def _check_step(step: Step) -> None:
    for finding in filter(None, (step.early, step.late)):
        _check_finding(finding)
    if not _is_plain(step.edit):
        raise WrongItemError("yielded a Step whose edit is not of plain values")


def _is_plain(value: object) -> bool:
    """Tell whether a key file can hold a value."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return type(value) in PLAIN


CHECKS: dict[type, Callable[[Any], None]] = {
    Finding: _check_finding,
    PluginRequest: _check_request,
    Record: _check_record,
    Render: _check_render,
    Step: _check_step,
}
"""What is looked at beside the types of fields."""
PLAIN = (str, int, float, bool, type(None))


def broke(plugin: Plugin[Any] | str, part: str, bug: BaseException) -> Finding:
    """Return what went wrong in a plugin, or in one that is known by its name only."""
    if isinstance(plugin, str):
        return named_broken(plugin, part, described(bug))
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
    if isinstance(bug, SyntaxError) and bug.filename and bug.lineno:
        return f" at {File(bug.filename).name}:{bug.lineno}"
    frames = list(walk_tb(bug.__traceback__))
    own = [one for one in frames if home and _is_in(home, one[0].f_globals)]
    for frame, line in (own or frames)[-1:]:
        return f" at {File(frame.f_code.co_filename).name}:{line}"
    return ""


def _is_in(home: str, names: Mapping[str, Any]) -> bool:
    return f"{names.get('__name__', '')}.".startswith(f"{home}.")
