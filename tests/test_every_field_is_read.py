"""What a spec can say is read by something: every field changes records, files, checks or findings."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from mailconf.engine.build import build
from mailconf.engine.lifecycle import steps
from mailconf.engine.load import Loaded
from mailconf.engine.merge import overlay
from mailconf.engine.parse import parse
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from mailconf.model.place import Places
from mailconf.model.spec import Spec
from tests.field_samples import EXCEPTIONS, SAMPLES, Overlay
from tests.plugins.rendering import SITE

RENDERER = Renderer()


def fields_of(model: type[BaseModel], above: str) -> Iterator[str]:
    """Yield the paths of all fields that hold values; `*` is any key of a map, `0` any of a list."""
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        path, inner = f"{above}{field.alias or name}", model_in(field.annotation)
        if inner:
            yield from fields_of(inner, f"{path}{step_into(field.annotation)}.")
        else:
            yield path


def model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(model_in, get_args(annotation))), None)


def step_into(annotation: Any) -> str:
    steps_in: dict[Any, str] = {dict: ".*", tuple: ".0"}
    own = steps_in.get(get_origin(annotation) or object, "")
    return own or next(filter(None, map(step_into, get_args(annotation))), "")


def every_field() -> list[str]:
    found = [*fields_of(Spec, "")]
    for name, plugin in builtin().items():
        found += fields_of(plugin.options, f"plugins.{name}.")
    return found


FIELDS = every_field()


def test_every_field_has_a_sample_or_a_reason() -> None:
    known = SAMPLES.keys() | EXCEPTIONS.keys()
    assert sorted(set(FIELDS) - known) == [], "add it to tests/field_samples.py"
    assert sorted(known - set(FIELDS)) == [], "take it out of tests/field_samples.py"


def meaning(changes: Overlay) -> tuple[Any, ...]:
    """Return all that a spec means: records, files with their needs, findings, checks, steps."""
    parsed = parse(Loaded(overlay(SITE, changes), Places("x", {})), builtin())
    assert parsed.spec, [finding.message for finding in parsed.findings]
    made = build(parsed, RENDERER)
    return (
        [(record, record.ttl) for record in made.records],
        [(str(a.path), a.text, a.order.mode, a.order.needs) for a in made.artifacts],
        sorted((f.rule.code, f.message) for f in made.findings),
        [
            (check.id, repr(subject))
            for name, view in made.views.items()
            for check in parsed.plugins[name].checks
            for subject in check.subjects(view)
        ],
        [repr(step) for step in steps(parsed, parsed.spec)],
    )


@cache
def meaning_before(changes: str) -> tuple[Any, ...]:
    return meaning(next(before for before, _ in SAMPLES.values() if repr(before) == changes))


@pytest.mark.parametrize("field", sorted(SAMPLES))
def test_a_field_changes_what_a_spec_means(field: str) -> None:
    before, change = SAMPLES[field]
    after = meaning(overlay(before, change))
    # A finding that it has no effect would be one, too.
    assert [code for code, _ in after[2] if code in ("CFG087", "CFG089", "HST032")] == []
    assert after != meaning_before(repr(before))


SITUATIONS: dict[str, Overlay] = {
    "provider": {"domains": {"example.net": {"provider": "google-workspace"}}},
    "parked": {"domains": {"example.net": {"mail": "none"}}},
    "send-only domain": {"domains": {"example.net": {"mail": "send-only"}}},
    **{
        role: {
            "hosts": {
                "more": {
                    "hostname": "more.example.org",
                    "addresses": ["192.0.2.77"],
                    "roles": [role],
                }
            }
        }
        for role in ("web", "send-only", "mailstore", "relay", "backup-mx", "submission")
    },
}
"""A domain or a host besides, of another kind than that of the site."""


NOT_TRIED = {
    "domains.*.provider.name": "its sample is about such a domain already",
    "domains.*.provider.tenant": "as above",
    "plugins.tls_certificates.max_names": "a host with one name does not reach the limit",
}


def moved(changes: Overlay, section: str, key: str) -> Overlay:
    """Return changes as they are written under one domain or host, options of plugins too."""
    usual = {"domains": "example.org", "hosts": "mail"}
    found: Overlay = {
        name: part for name, part in changes.items() if name not in ("plugins", section)
    }
    bodies = changes.get(section, {})
    others = {name: body for name, body in bodies.items() if name != usual[section]}
    own = overlay(dict(bodies.get(usual[section], {})), dict(changes.get("plugins", {})))
    return dict(overlay(found, {section: {**others, key: own}}))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_a_field_does_not_change_is_told(situation: str) -> None:
    """Written under a domain or host of another kind, a field is read, or a finding says that it is not."""
    given = SITUATIONS[situation]
    section = next(iter(given))
    key = next(iter(given[section]))
    silent = []
    meanings: dict[str, tuple[Any, ...]] = {}
    for field in (field for field in SAMPLES if field.startswith((section, "plugins."))):
        before, change = (moved(part, section, key) for part in SAMPLES[field])
        base = overlay(given, before)
        changed = overlay(base, change)
        if changed == base or field in NOT_TRIED:
            continue
        after = meaning(changed)
        if repr(base) not in meanings:
            meanings[repr(base)] = meaning(base)
        if after == meanings[repr(base)] and not is_told(field, after):
            silent.append(field)
    assert silent == []


def is_told(field: str, found: tuple[Any, ...]) -> bool:
    """Tell whether a finding names the field, or something above it, as without effect."""
    names = set(field.split("."))
    told = [
        m.split(" ")[0].split(".") for code, m in found[2] if code in ("CFG087", "CFG089", "HST032")
    ]
    return any(names.intersection(path[2:]) for path in told)
