"""One spelling for every key of a spec: two keys of a map that become one are a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path, Places, spellings

KEY_TWICE = Rule(
    code="CFG090",
    name="key-twice",
    severity=Severity.ERROR,
    message="key {found!r} is {other!r} at {place} in another spelling; expected one entry",
    fix="merge the two entries",
    ref="RFC 5321 §2.4, RFC 4343, RFC 5890 §2.3.2.1",
    bad="domains: {example.org: {mailboxes: {Anna: {quota: 5G}, anna: {}}}}",
    good="domains: {example.org: {mailboxes: {anna: {quota: 5G}}}}",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the maps in a value of some type are; `keys` canonicalize those of the value itself."""

    keys: TypeAdapter[Any] | None = None
    values: Shape | None = None
    items: Shape | None = None
    fields: Mapping[str, Shape] = field(default_factory=dict)


@cache
def shape_of(model: type[BaseModel]) -> Shape:
    """Return where the maps of a model are; fields without any are left out."""
    found = {
        info.alias or name: _shape(info.annotation) for name, info in model.model_fields.items()
    }
    return Shape(fields={name: shape for name, shape in found.items() if shape})


def _shape(annotation: Any) -> Shape | None:
    arguments, origin = get_args(annotation), get_origin(annotation)
    if origin is Annotated:
        return _shape(arguments[0])
    if origin is dict:
        return Shape(keys=TypeAdapter(arguments[0]), values=_shape(arguments[1]))
    if origin in (tuple, list):
        inner = _shape(arguments[0])
        return Shape(items=inner) if inner else None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return shape_of(annotation) if shape_of(annotation).fields else None
    return next(filter(None, map(_shape, arguments)), None)


@dataclass(slots=True)
class Speller:
    """Gives keys their one spelling, and remembers which were spelled otherwise, by path."""

    places: Places
    context: Mapping[str, object]
    findings: list[Finding] = field(default_factory=list)
    renamed: dict[Path, Any] = field(default_factory=dict)

    def spelled(self, model: type[BaseModel], data: Any, where: Path) -> Any:
        """Return the data of a model, which stands at `where`, with canonical keys."""
        return self._value(shape_of(model), data, where)

    def moved(self) -> Places:
        """Return the places by the canonical keys, and by the written ones."""
        lengths = sorted({len(path) for path in self.renamed})
        if not lengths:
            return self.places
        found = self.places.by_path
        moved = {self._moved(path, lengths): place for path, place in found.items()}
        return Places(self.places.file, {**found, **moved})

    def _moved(self, path: Path, lengths: list[int]) -> Path:
        steps = list(path)
        for length in lengths:
            if length <= len(path) and path[:length] in self.renamed:
                steps[length - 1] = self.renamed[path[:length]]
        return tuple(steps)

    def _value(self, shape: Shape, data: Any, where: Path) -> Any:
        if isinstance(data, list) and shape.items:
            return [self._value(shape.items, one, (*where, n)) for n, one in enumerate(data)]
        if not isinstance(data, dict):
            return data
        if shape.keys:
            return self._map(shape, data, where)
        inner = {
            key: self._value(shape.fields[key], data[key], (*where, key))
            for key in shape.fields.keys() & data.keys()
        }
        return {**data, **inner}

    def _map(self, shape: Shape, data: dict[Any, Any], where: Path) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        first: dict[Any, Any] = {}
        for key, value in data.items():
            path = (*where, key)
            inner = self._value(shape.values, value, path) if shape.values else value
            name = self._key(shape.keys, key)
            if name in first:
                self._report(self._twice(path, (*where, first[name]), name))
            first.setdefault(name, key)
            found[name] = inner
            if name != key:
                self._rename(path, name)
        return found

    def _key(self, keys: TypeAdapter[Any] | None, key: Any) -> Any:
        """Return a key in its one spelling; what is none stays for the validation to report."""
        try:
            return keys.validate_python(key, context=dict(self.context)) if keys else key
        except ValidationError:
            return key

    def _rename(self, path: Path, name: Any) -> None:
        for written in spellings(path):
            if written in self.places.by_path:
                self.renamed[written] = name

    def _report(self, found: Finding) -> None:
        """Keep a finding; what stands once in `defaults` is seen again in every domain."""
        if all((one.place, one.facts) != (found.place, found.facts) for one in self.findings):
            self.findings.append(found)

    def _twice(self, path: Path, other: Path, name: Any) -> Finding:
        facts = {"found": path[-1], "other": other[-1]}
        found = KEY_TWICE.at(name, path, **facts, place=self.places.of(other))
        return found.placed(self.places.of(path))
