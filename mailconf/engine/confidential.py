"""Which values of a spec no message may show: a secret that was written where a reference belongs, or near it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mailconf.model.place import Path
from mailconf.model.secret import HIDDEN, REFERENCE, SecretMark

NOT_SHOWN = "a value that is not shown"
SHORT, SMALL = 60, 100_000
# Where no model says it, because files are merged before they are understood.
SECRET_KEY = re.compile(r"pass|secret|token|key|login|credential|auth|introspection", re.IGNORECASE)
# A private key, a hash with its scheme or as crypt(3) writes it, user and password in a URL.
SECRET_TEXT = re.compile(
    r"PRIVATE KEY|\{[A-Za-z0-9.-]+\}\S|\$[a-z0-9-]{1,12}\$|://[^/\s:@]*:[^/\s@]+@"
)
KEY = re.compile(r"[A-Za-z0-9_.@+-]{1,64}")


def spell(value: Any) -> str:
    """Write a value as a message shows it, cut when it is long; of secrets nothing."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    if isinstance(value, str) and SECRET_TEXT.search(value):
        return NOT_SHOWN
    text = repr(value)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def kind_of(value: Any) -> str:
    """Return what kind of value it is, in words."""
    if isinstance(value, bool):
        return "true or false"
    kinds = {dict: "a mapping", list: "a list", str: "text", int: "a number", float: "a number"}
    return kinds.get(type(value), "nothing")


def spell_secret(value: Any) -> str:
    """Write a value that may be a secret: only what kind of thing it is, or that it is empty."""
    is_shown = value is None or isinstance(value, dict | list | tuple)
    return spell(value) if is_shown else NOT_SHOWN


def spell_at(path: Path, value: Any) -> str:
    """Write a value at a place of which only the keys are known."""
    is_reference = isinstance(value, str) and REFERENCE.fullmatch(value)
    hides = any(SECRET_KEY.search(str(step)) for step in path) and not is_reference
    return spell_secret(value) if hides else spell(value)


def spell_in(model: type[BaseModel], path: Path, value: Any) -> str:
    """Write a value at a path of a model: of a secret's neighbors small numbers, of others anything."""
    at: list[Any] = [model]
    is_beside = False
    for step in path:
        is_beside = is_beside or any(map(_has_secret_field, at))
        at = [inner for one in at for inner in _inside(one, step)]
    if any(map(_holds_secret, at)) or (is_beside and not at):
        return spell_secret(value)
    is_small = isinstance(value, int) and abs(value) < SMALL
    return spell_secret(value) if is_beside and not is_small else spell(value)


def is_confidential(model: type[BaseModel], path: Path) -> bool:
    """Tell whether a secret belongs at a path, below it, or beside it in the same map."""
    return spell_in(model, path, "x") == NOT_SHOWN


def key_shown(model: type[BaseModel], path: Path) -> str:
    """Return the last key of a path; a mark for one that is more than a key where secrets belong."""
    key = str(path[-1]) if path else ""
    if (KEY.fullmatch(key) or is_name(model, path)) and not SECRET_TEXT.search(key):
        return key
    return HIDDEN if is_confidential(model, path) else key


def is_name(model: type[BaseModel], path: Path) -> bool:
    """Tell whether the last key of a path names something that has options of its own, as mailboxes do.

    What looks like an option that lost its place is no name.
    """
    at: list[Any] = [model]
    for step in path[:-1]:
        at = [inner for one in at for inner in _inside(one, step)]
    parts = [part for one in at for part in _parts(one) if get_origin(part) is dict]
    values = [value for part in parts for value in _parts(get_args(part)[1])]
    is_model = [isinstance(value, type) and issubclass(value, BaseModel) for value in values]
    return bool(is_model) and all(is_model) and not SECRET_KEY.search(str(path[-1]))


def _inside(annotation: Any, step: str | int) -> Iterator[Any]:
    """Yield what a key or number leads to: a field of a model, a value of a map, an item of a list."""
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield from _field(part, step)
        elif get_origin(part) is dict:
            yield get_args(part)[1]
        elif get_origin(part) in (tuple, list):
            yield get_args(part)[0]


def _field(model: type[BaseModel], step: str | int) -> Iterator[Any]:
    for name, field in model.model_fields.items():
        if step in (name, field.alias):
            yield _annotated(field)


def _annotated(field: FieldInfo) -> Any:
    """Return a field's annotation with the marks that pydantic has taken out of it."""
    marks = tuple(mark for mark in field.metadata if isinstance(mark, SecretMark))
    return Annotated[field.annotation, marks[0]] if marks else field.annotation


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield the alternatives of an annotation, marks and unions taken apart."""
    arguments = get_args(annotation)
    if get_origin(annotation) in (dict, tuple, list) or not arguments:
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _parts(arguments[0])
    else:
        for one in arguments:
            yield from _parts(one)


def _has_secret_field(annotation: Any) -> bool:
    models = [part for part in _parts(annotation) if isinstance(part, type)]
    fields = (f for m in models if issubclass(m, BaseModel) for f in m.model_fields.values())
    if get_origin(annotation) is dict and _is_secret(get_args(annotation)[1]):
        return True
    return any(_is_secret(_annotated(field)) for field in fields)


def _is_secret(annotation: Any) -> bool:
    if isinstance(annotation, SecretMark):
        return True
    return any(_is_secret(one) for one in get_args(annotation))


def _holds_secret(annotation: Any) -> bool:
    """Tell whether a secret belongs somewhere in a value."""
    if _is_secret(annotation):
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model_holds_secret(annotation)
    return any(_holds_secret(one) for one in get_args(annotation))


@cache
def _model_holds_secret(model: type[BaseModel]) -> bool:
    return any(_holds_secret(_annotated(field)) for field in model.model_fields.values())
