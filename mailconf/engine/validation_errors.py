"""pydantic's errors in the operator's words: what was found, what was wanted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mailconf.engine.confidential import (
    NOT_SHOWN,
    is_name,
    key_shown,
    spell,
    spell_in,
    spell_secret,
)
from mailconf.model.base import IN_WORDS, UNITLESS
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.spec import HOSTS_MISSING

UNKNOWN_KEY = Rule(
    code="CFG020",
    name="unknown-key",
    severity=Severity.ERROR,
    message="unknown key {key!r}; expected one of {known}",
    fix="{hint}",
    bad="hosts: {mail: {hostnam: mail.example.org}}",
    good="hosts: {mail: {hostname: mail.example.org}}",
)
MISSING_KEY = Rule(
    code="CFG021",
    name="missing-key",
    severity=Severity.ERROR,
    message="required key {key!r} is missing",
    fix="add {key}",
    bad="hosts: {mail: {addresses: [192.0.2.25]}}",
    good="hosts: {mail: {hostname: mail.example.org, addresses: [192.0.2.25]}}",
)
BAD_VALUE = Rule(
    code="CFG022",
    name="invalid-value",
    severity=Severity.ERROR,
    message="{path} is {found}; expected {wanted}",
    fix="correct the value",
    bad="protocols: {pop3s: {port: 70000}}",
    good="protocols: {pop3s: {port: 995}}",
)
UNIT_MISSING = Rule(
    code="CFG091",
    name="unit-missing",
    severity=Severity.ERROR,
    message="{path} is {found}; expected {expected}",
    fix="{hint}",
    bad="domains: {example.org: {mailboxes: {alice: {quota: 2000}}}}",
    good="domains: {example.org: {mailboxes: {alice: {quota: 2000M}}}}",
)
UNKNOWN_PLUGIN = Rule(
    code="CFG023",
    name="unknown-plugin",
    severity=Severity.ERROR,
    message="unknown plugin {name!r}; expected one of {known}",
    fix="correct the name, or install the package that provides the plugin, or set MAILCONF_LOCAL_PLUGINS=1 for a file plugins/NAME.py beside the spec",
)
WANTED = {
    "string_type": "text",
    "int_type": "a number",
    "int_parsing": "a number",
    "int_parsing_size": "a smaller number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "tuple_type": "a list",
    "list_type": "a list",
    "too_short": "at least one",
    "date_from_datetime_parsing": "a date such as 2026-11-24",
}


def is_map(value: Any, where: Path) -> list[Finding]:
    """Complain when a section is neither absent nor a map."""
    if value is None or isinstance(value, dict):
        return []
    return [
        BAD_VALUE.at(
            where[-1], where, path=_dotted(where), found=spell_secret(value), wanted="a map"
        )
    ]


def complaints(
    model: type[BaseModel],
    data: Any,
    where: Path,
    error: ValidationError,
    installed: Collection[str] = (),
) -> Iterator[Finding]:
    """Yield one Finding for every error of a validation of `data`, which stands at `where`.

    A key that is the name of an `installed` plugin is unknown because `plugins` does not name it.
    """
    told: dict[tuple[str, Path], Finding] = {}
    for found in _complaints(model, data, where, error, installed):
        # Of alternatives, each says what it wants.
        first = told.setdefault((found.rule.code, found.where), found)
        if first is not found and found.rule is BAD_VALUE:
            told[found.rule.code, found.where] = _either(first, found)
    yield from told.values()


def _either(one: Finding, other: Finding) -> Finding:
    wanted = dict.fromkeys((str(one.facts["wanted"]), str(other.facts["wanted"])))
    return replace(one, facts={**one.facts, "wanted": " or ".join(wanted)})


def _complaints(
    model: type[BaseModel],
    data: Any,
    where: Path,
    error: ValidationError,
    installed: Collection[str],
) -> Iterator[Finding]:
    details = error.errors(include_url=False)
    at_or_below = Counter(d["loc"][:n] for d in details for n in range(len(d["loc"]) + 1))
    for detail in details:
        if detail["type"] == "too_short" and at_or_below[detail["loc"]] > 1:
            continue  # it counts only the items that are right, and one of this list is wrong itself
        if detail["type"] == HOSTS_MISSING:
            continue  # parse reports it, whatever else is wrong with the domains
        inner = _real_path(detail, data)
        found = _complaint(model, detail, inner, (*where, *inner))
        is_plugin = found.rule is UNKNOWN_KEY and found.subject in installed
        hint = f"add {found.subject}: on under plugins"
        yield replace(found, facts={**found.facts, "hint": hint}) if is_plugin else found


def _complaint(model: type[BaseModel], detail: ErrorDetails, inner: Path, where: Path) -> Finding:
    key = key_shown(model, inner) if inner else str(where[-1]) if where else ""
    where = (*where[:-1], key) if inner and key != str(where[-1]) else where
    if detail["type"] == "extra_forbidden":
        known = _known_keys(model, inner)
        close = get_close_matches(key, known, 1)
        hint = f"did you mean {close[0]!r}?" if close else "remove it, or correct the spelling"
        return UNKNOWN_KEY.at(key, where, key=key, known=", ".join(known), hint=hint)
    if detail["type"] == "missing":
        return MISSING_KEY.at(key, where, key=key)
    is_of_key = detail["loc"][-1:] == ("[key]",) and is_name(model, inner)
    found = spell(inner[-1]) if is_of_key else spell_in(model, inner, detail["input"])
    if detail["type"] == UNITLESS:
        return UNIT_MISSING.at(key, where, path=_dotted(where), found=found, **detail["ctx"])
    return BAD_VALUE.at(key, where, path=_dotted(where), **_facts(detail, found))


def _facts(detail: ErrorDetails, found: str) -> dict[str, str]:
    """Return what was found and wanted; the reason may repeat the value, so it is taken out of it."""
    value, wanted = detail["input"], _wanted(detail)
    if found == NOT_SHOWN:
        wanted = wanted.partition(";")[0] if _repeats(wanted, value) else wanted
        wanted = "another value" if _repeats(wanted, value) else wanted
    return {"found": found, "wanted": wanted}


def _repeats(text: str, value: object) -> bool:
    """Tell whether a text quotes a value or a part of it; the value of a map's key is that key."""
    said = str(value)
    return said in text or any(f"'{part}'" in text for part in re.split(r"[.@:\s]", said) if part)


def _real_path(detail: ErrorDetails, data: Any) -> Path:
    """Return the error's path through the data, without pydantic's own words such as [key]."""
    path: list[str | int] = []
    for step in detail["loc"]:
        inside = isinstance(data, dict) and step in data
        inside = inside or (isinstance(data, list) and isinstance(step, int) and step < len(data))
        if inside:
            data = data[step]
            path.append(step)
    if detail["type"] == "missing":
        path.append(detail["loc"][-1])
    return tuple(path)


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that the model at the end of `path`, less its last step, knows."""
    here: Any = model
    for step in path[:-1]:
        here = _inner_model(here, step)
    fields = getattr(here, "model_fields", {})
    return sorted(f.alias or name for name, f in fields.items() if not f.exclude)


def _inner_model(here: Any, step: str | int) -> Any:
    fields = getattr(here, "model_fields", {})
    named = {f.alias or name: f.annotation for name, f in fields.items()}
    return _first_model(named.get(str(step), here))


def _first_model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_first_model(argument) for argument in get_args(annotation))
    return next((model for model in models if model is not None), None)


def _wanted(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        return str(context["expected"])
    if detail["type"] == "value_error":
        return str(context["error"])
    if detail["type"] == "string_pattern_mismatch":
        return IN_WORDS.get(context["pattern"], f"text that matches {context['pattern']}")
    plain = detail["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return WANTED.get(detail["type"], plain)


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)
