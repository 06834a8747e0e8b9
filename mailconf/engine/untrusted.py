"""What a spec may not hold when it is not trusted, such as that of a pull request (--untrusted)."""

from __future__ import annotations

import os
import types
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path as File
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from mailconf.disk.folder import LINK, Folder
from mailconf.engine.load import Loaded
from mailconf.engine.refused import refusal
from mailconf.engine.texts import SpecFileError
from mailconf.formats.paths import REGULAR, PathRefusedError, relative_parts
from mailconf.model.base import FreeText
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path, Place
from mailconf.model.plugin import Plugin
from mailconf.model.secret import REFERENCE
from mailconf.model.spec import Spec

FREE_TEXT = Rule(
    code="CFG065",
    name="untrusted-text",
    severity=Severity.ERROR,
    message="{path} is {language} text; --untrusted allows no text that is used as it is written",
    fix="remove it from the spec, or review the spec and run the command without --untrusted",
)
REFERENCE_OUTSIDE = Rule(
    code="CFG066",
    name="untrusted-reference",
    severity=Severity.ERROR,
    message="{path} is a reference to {found}; --untrusted allows ref+env and files below the spec's folder",
    fix="use ref+file://PATH below the spec's folder, or run the command without --untrusted",
)
FOREIGN_PLUGIN = Rule(
    code="CFG067",
    name="untrusted-plugin",
    severity=Severity.ERROR,
    message="plugin {name!r} is not part of mailconf; --untrusted loads no code of other packages",
    fix="remove it from the spec, or run the command without --untrusted",
)


def checkout(spec: File) -> File:
    """Return the git work tree that holds a spec by its name, or else the spec's folder.

    A link inside a work tree leads to no other one: whoever wrote the tree chose where it leads.
    """
    folder = _named(spec).parent
    found = None
    for one in (*reversed(folder.parents), folder):
        if found and one.is_symlink():
            break
        found = one if (one / ".git").exists() else found
    return found or folder


def _named(spec: File) -> File:
    """Return the absolute path of a spec as its user names it: a shell may have entered a link."""
    logical = os.environ.get("PWD", "")
    here = os.getcwd()
    is_here = os.path.isabs(logical) and os.path.realpath(logical) == os.path.realpath(here)
    return File(os.path.normpath(File(logical if is_here else here) / spec))


def check_place(spec: File) -> None:
    """Raise SpecFileError for a spec that its work tree holds behind a link: whoever wrote it chose the file."""
    root = checkout(spec)
    named = _named(spec)
    given, plain = (File(os.path.realpath(one)).parent for one in (spec, named))
    if ".." in spec.parts and given != plain:
        raise SpecFileError(
            refusal(PathRefusedError(str(spec), "'..' behind a symbolic link", REGULAR)).placed(
                Place(str(spec))
            )
        )
    path = str(named.relative_to(root))
    try:
        with Folder(root) as folder:
            kind = folder.kind(path)
        if kind == LINK:
            raise PathRefusedError(path, kind, REGULAR)
    except FileNotFoundError:
        return
    except PathRefusedError as why:
        raise SpecFileError(refusal(why).placed(Place(str(spec)))) from None


def restricted(loaded: Loaded, installed: Mapping[str, Plugin[Any]]) -> Loaded:
    """Return a spec with a finding for all that it may not hold; plugins not installed are left out."""
    data, findings = dict(loaded.data), list(loaded.findings)
    named = data.get("plugins")
    if isinstance(named, dict):
        findings += _foreign(named, installed)
        data["plugins"] = {name: body for name, body in named.items() if name in installed}
    findings += _free_texts(data, installed)
    findings += _references(data)
    return replace(loaded, data=data, findings=tuple(findings))


def _foreign(named: Collection[Any], installed: Mapping[str, Plugin[Any]]) -> Iterator[Finding]:
    for name in named:
        if name not in installed:
            yield FOREIGN_PLUGIN.at(name, ("plugins", name), name=name)


def _free_texts(data: dict[str, Any], installed: Mapping[str, Plugin[Any]]) -> Iterator[Finding]:
    found = [*_marked(Spec, data, ())]
    for where, body in _bodies(data):
        for name, plugin in installed.items():
            if isinstance(body, dict) and name in body:
                found += _marked(plugin.options, body[name], (*where, name))
    for path, mark in found:
        dotted = ".".join(map(str, path))
        yield FREE_TEXT.at(dotted, path, path=dotted, language=mark.language)


def _bodies(data: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Yield every place at which options of plugins stand."""
    yield from ((("plugins",), data.get("plugins")), (("defaults",), data.get("defaults")))
    for section in ("hosts", "domains"):
        bodies = data.get(section)
        if isinstance(bodies, dict):
            yield from (((section, key), body) for key, body in bodies.items())


def _marked(annotation: Any, value: Any, where: Path) -> Iterator[tuple[Path, FreeText]]:
    """Yield the path of every value, not empty, whose option is marked as free text."""
    for kind, marks in kinds_of(annotation):
        mark = next((one for one in marks if isinstance(one, FreeText)), None)
        if mark:
            yield from [(where, mark)] if value else []
            return
        for inner, item, path in _parts(kind, value, where):
            yield from _marked(inner, item, path)


def kinds_of(annotation: Any, marks: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield the plain types that an annotation allows, each with what is annotated."""
    origin = get_origin(annotation)
    if origin is Annotated:
        kind, *more = get_args(annotation)
        yield from kinds_of(kind, (*more, *marks))
    elif origin in (Union, types.UnionType):
        for kind in get_args(annotation):
            yield from kinds_of(kind, marks)
    else:
        yield annotation, marks


def fields_of(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Yield the keys of a model as YAML spells them, with the annotations of their values."""
    for name, field in model.model_fields.items():
        marks = tuple(field.metadata)
        yield (
            field.alias or name,
            Annotated[field.annotation, *marks] if marks else field.annotation,
        )


def _parts(kind: Any, value: Any, where: Path) -> Iterator[tuple[Any, Any, Path]]:
    """Yield the types of a value's parts, the parts and their paths; one of other shape has none."""
    inner = [one for one in get_args(kind) if one is not Ellipsis]
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, BaseModel):
        for key, one in fields_of(kind):
            if key in value:
                yield one, value[key], (*where, key)
    elif isinstance(value, dict) and get_origin(kind) is dict:
        of_keys, of_values = inner
        for key, item in value.items():
            yield of_keys, key, (*where, key)
            yield of_values, item, (*where, key)
    elif isinstance(value, list) and get_origin(kind) in (tuple, list):
        for number, item in enumerate(value):
            yield inner[0], item, (*where, number)


def _references(value: Any, where: Path = ()) -> Iterator[Finding]:
    """Yield the references that could reach out of the spec's folder, wherever they stand."""
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    elif isinstance(value, str) and value.startswith("ref+"):
        outside = _outside(value)
        if outside:
            path = ".".join(map(str, where))
            yield REFERENCE_OUTSIDE.at(path, where, path=path, found=outside)
    for key, inner in parts:
        yield from _references(inner, (*where, key))


def _outside(reference: str) -> str:
    match = REFERENCE.fullmatch(reference)
    if match and match[1] == "exec":
        return "a command"
    try:
        if match and match[1] == "file":
            relative_parts(match[2])
    except PathRefusedError as why:
        return f"{why.found} ({match[2]})" if match else ""
    return ""
