"""The values of requests, held to the types of their fields: a wrong one would break who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Literal, get_args, get_origin, get_type_hints

from mailconf.model.request import PluginRequest

NAMES = {str: "text", int: "a number", bool: "yes or no", tuple: "a tuple"}
KNOWN: dict[type[PluginRequest], tuple[tuple[str, type], ...]] = {}


def wrong_fields(request: PluginRequest) -> Iterator[tuple[str, object, str]]:
    """Yield each field whose value is of another type: its name, the value, what is expected."""
    for name, kind in _kinds(type(request)):
        value = getattr(request, name)
        if not isinstance(value, kind) or not _is_hashable(value):
            yield name, value, NAMES[kind]


def _kinds(request: type[PluginRequest]) -> tuple[tuple[str, type], ...]:
    """Return the fields whose type is known here, with it."""
    if request not in KNOWN:
        KNOWN[request] = tuple(_found(request))
    return KNOWN[request]


def _found(request: type[PluginRequest]) -> Iterator[tuple[str, type]]:
    hints = get_type_hints(request)
    for field in fields(request):
        kind = _kind(hints[field.name])
        if kind in NAMES:
            yield field.name, kind


def _kind(hint: object) -> type:
    origin = get_origin(hint)
    if origin is Literal:
        return type(get_args(hint)[0])
    found = origin or hint
    return found if isinstance(found, type) else object


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
