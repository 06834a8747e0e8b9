"""What the keys of a model of the spec declare, found once for each model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from mailconf.model.base import Read


class Field(NamedTuple):
    """What a key of a spec declares, and the model inside it, of each value where it is a map."""

    read: Read | None
    model: type[BaseModel] | None
    is_map: bool


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, Field]:
    """Return the fields of a model by their keys; asked for each domain, and always the same."""
    return {
        field.alias or name: Field(
            next((one for one in field.metadata if isinstance(one, Read)), None),
            _model_of(field.annotation),
            _is_map(field.annotation),
        )
        for name, field in model.model_fields.items()
    }


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_of, get_args(annotation))), None)


def _is_map(annotation: Any) -> bool:
    return get_origin(annotation) is dict or any(map(_is_map, get_args(annotation)))
