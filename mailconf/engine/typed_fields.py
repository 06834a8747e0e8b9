"""Values of dataclasses, held to the types of their fields: a wrong one would break who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache, partial
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

NAMES: dict[type, str] = {
    str: "text",
    int: "a number",
    float: "a number",
    bool: "yes or no",
    tuple: "a tuple",
    type(None): "None",
}
SEVERAL = (tuple, list, set, frozenset)
Problem = Callable[[Any], str]
"""Says what is wrong with a value, as a predicate: `is None; expected text`; nothing where all is right."""


def wrong_fields(value: object) -> Iterator[tuple[str, str]]:
    """Yield each field of a dataclass whose value is of another type: its name, and what is wrong."""
    kind: Any = type(value)
    for name, problem in _problems(kind):
        if found := problem(getattr(value, name)):
            yield name, found


def kind_of(value: object) -> str:
    """Return what a value is, for messages."""
    return "None" if value is None else type(value).__name__


@cache
def _problems(kind: type) -> tuple[tuple[str, Problem], ...]:
    """Return what looks at each field of a dataclass; those of unknown types are left out."""
    if not is_dataclass(kind):
        return ()
    hints = get_type_hints(kind)
    found = ((field.name, _problem(hints[field.name])) for field in fields(kind))
    return tuple((name, problem) for name, problem in found if problem)


def _problem(hint: Any) -> Problem | None:
    """Return what looks at a value of a type; None for one that is not known here."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _any_of(arguments)
    if origin is Literal:
        return partial(_none_of, arguments)
    if origin in SEVERAL:
        return _items(origin, arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return partial(_in_mapping, *(_problem(one) for one in arguments))
    return _plain(origin or hint)


def _plain(kind: Any) -> Problem | None:
    if kind is Callable:
        return lambda value: "" if callable(value) else _not(value, "a function")
    if not isinstance(kind, type) or kind in (object, Any) or getattr(kind, "_is_protocol", False):
        return None
    if kind is datetime:
        return _without_zone
    return partial(_inside if is_dataclass(kind) else _other_type, kind)


def _not(value: object, expected: str) -> str:
    return f"is {kind_of(value)}; expected {expected}"


def _other_type(kind: type, value: object) -> str:
    is_right = isinstance(value, (int, float) if kind is float else kind)
    # yes is 1 in Python, and nowhere else.
    if is_right and not (isinstance(value, bool) and kind in (int, float)):
        return ""
    return _not(value, NAMES.get(kind, kind.__name__))


def _without_zone(value: object) -> str:
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return ""
    return _not(value, "a datetime with its zone")


def _inside(kind: type, value: object) -> str:
    if not isinstance(value, kind):
        return _not(value, kind.__name__)
    return next(
        (f"has the field {name}, which {problem}" for name, problem in wrong_fields(value)), ""
    )


def _none_of(words: tuple[object, ...], value: object) -> str:
    if any(value == word and type(value) is type(word) for word in words):
        return ""
    shown = repr(value) if isinstance(value, str) else kind_of(value)
    return f"is {shown}; expected one of {', '.join(map(str, words))}"


def _any_of(hints: tuple[Any, ...]) -> Problem | None:
    """Look at a value of one of several types; where there is one beside None, say what is wrong with it."""
    found = [(hint, _problem(hint)) for hint in hints if hint is not type(None)]
    by_kind = {hint: problem for hint, problem in found if problem}
    if len(by_kind) < len(found):
        return None
    only = next(iter(by_kind.values())) if len(by_kind) == 1 else None
    expected = " or ".join(
        NAMES.get(hint, getattr(hint, "__name__", str(hint))) for hint in by_kind
    )

    def problem(value: object) -> str:
        if value is None and type(None) in hints:
            return ""
        look = only or by_kind.get(type(value))
        if look:
            return look(value)
        wrong = all(one(value) for one in by_kind.values())
        return _not(value, expected) if wrong else ""

    return problem


def _items(kind: type, arguments: tuple[Any, ...]) -> Problem:
    """Look at every item; a tuple may have one type for each place."""
    each = _problem(arguments[0]) if arguments else None
    if kind is not tuple or arguments[1:] == (...,):
        return partial(_in_items, kind, each)
    return partial(_in_places, [_problem(one) for one in arguments])


def _in_items(kind: Any, each: Problem | None, value: Any) -> str:
    """Look at each item of a collection of any length."""
    if not isinstance(value, kind):
        return _not(value, NAMES.get(kind, kind.__name__))
    return _first((each(one) for one in value), "an item") if each else ""


def _in_places(each: list[Problem | None], value: Any) -> str:
    if not isinstance(value, tuple) or len(value) != len(each):
        return _not(value, f"a tuple of {len(each)}")
    pairs = zip(each, value, strict=True)
    return _first((problem(one) for problem, one in pairs if problem), "an item")


def _in_mapping(key: Problem | None, item: Problem | None, value: Any) -> str:
    if not isinstance(value, Mapping):
        return _not(value, "a mapping")
    wrong = _first(map(key, value), "a key") if key else ""
    return wrong or (_first(map(item, value.values()), "a value") if item else "")


def _first(problems: Iterable[str], what: str) -> str:
    return next((f"has {what} that {problem}" for problem in problems if problem), "")
