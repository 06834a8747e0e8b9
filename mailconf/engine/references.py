"""References of a build whose values are missing or unusable: all at once, each where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from pydantic import BaseModel

from mailconf.engine.secrets import Secrets
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Build
from mailconf.model.place import Path, Place

UNUSABLE = Rule(
    code="CFG070",
    name="secret-unusable",
    severity=Severity.ERROR,
    message="{why}",
    fix="provide the value behind the reference, or correct the reference",
)


class UnusableSecretsError(Exception):
    """Values behind references are missing or unusable; `findings` names all of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{len(self.findings)} findings")


def refuse_unusable(build: Build, secrets: Secrets) -> None:
    """Raise UnusableSecretsError unless every reference of the rendered files yields a usable value."""
    found = tuple(unusable_secrets(build, secrets))
    if found:
        raise UnusableSecretsError(found)


def unusable_secrets(build: Build, secrets: Secrets) -> Iterator[Finding]:
    """Yield a finding for every place of the spec whose reference yields no usable value."""
    faults: dict[str, str] = {}
    for artifact in build.artifacts:
        for reference, fault in secrets.faults(artifact.text):
            faults.setdefault(reference, str(fault))
    if not faults:
        return
    places = _places(build, faults)
    for reference, why in faults.items():
        for path, place in places[reference] or [((), Place(build.places.file))]:
            yield UNUSABLE.at(".".join(map(str, path)) or reference, path, why=why).placed(place)


def _places(build: Build, wanted: Iterable[str]) -> Mapping[str, list[tuple[Path, Place]]]:
    """Return where references stand; one that many domains share by `defaults` stands there once."""
    found: dict[str, dict[Place, Path]] = defaultdict(dict)
    asked = set(wanted)
    for path, text in chain(_texts(build.spec, ()), _options(build)):
        if text in asked:
            found[text].setdefault(build.places.of(path), path)
    return {one: [(path, place) for place, path in found[one].items()] for one in asked}


def _options(build: Build) -> Iterator[tuple[Path, str]]:
    for name, scopes in build.scopes.items():
        yield from _texts(scopes.everywhere, ("plugins", name))
        for key, host in scopes.hosts.items():
            yield from _texts(host, ("hosts", key, name))
        for key, domain in scopes.domains.items():
            yield from _texts(domain, ("domains", key, name))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text in a model, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _texts(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, number))
