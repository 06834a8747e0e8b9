"""Spec in, Build out: settings, records, lint, files, in that order, all pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import Any, Literal, TypeVar

from mailconf.engine import conflicts, registry
from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.parse import Parsed, parse
from mailconf.engine.render import Renderer
from mailconf.engine.untrusted import restricted
from mailconf.model.artifact import Artifact, Render
from mailconf.model.finding import Finding
from mailconf.model.outcome import Build
from mailconf.model.plugin import Facet, Plugin, View
from mailconf.model.record import Record
from mailconf.model.setting import NO_SETTINGS, Setting, Settings
from mailconf.model.spec import Spec

T = TypeVar("T")
Trust = Literal["trusted", "untrusted"]
"""Whether the author of a spec may do what the user of this account may."""
ROUNDS = 10


class UnusableSpecError(Exception):
    """The spec has errors that leave nothing to build; `findings` says all of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{len(self.findings)} findings")


@dataclass(frozen=True, slots=True)
class Enabled:
    """A plugin that is switched on, with its view of the spec."""

    plugin: Plugin[Any]
    view: View[Any]


def read(spec: File, environment: str = "", target: str = "", trust: Trust = "trusted") -> Parsed:
    """Load and parse a spec with the plugins that it names, for another target where one is given."""
    loaded, installed = loaded_with_plugins(spec, environment, target, trust)
    return parse(loaded, installed)


def loaded_with_plugins(
    spec: File, environment: str, target: str, trust: Trust
) -> tuple[Loaded, dict[str, Plugin[Any]]]:
    """Load a spec and the plugins that it names; one that is not trusted names built-in ones alone."""
    loaded = retargeted(load(spec, environment), target)
    if trust == "trusted":
        return loaded, registry.discover(_named(loaded))
    installed = registry.discover(())
    return restricted(loaded, installed), installed


def build(parsed: Parsed, renderer: Renderer) -> Build:
    """Run every plugin's facets; raises UnusableSpecError when there is no spec to run them on."""
    if parsed.spec is None:
        raise UnusableSpecError(parsed.findings)
    enabled, problems = with_settings(parsed.spec, enable(parsed, parsed.spec))
    wanted = _with_ttl(parsed.spec, _all(parsed.spec, enabled, _records))
    records, twice = conflicts.records(wanted)
    enabled = [replace(e, view=replace(e.view, records=records)) for e in enabled]
    findings = [*parsed.findings, *run_lint(parsed.spec, enabled)]
    artifacts, refused = _artifacts(parsed.spec, enabled, renderer)
    findings += [*problems, *twice, *refused]
    placed = tuple(f if f.place else f.placed(parsed.places.of(f.where)) for f in findings)
    return Build(parsed.spec, parsed.places, records, artifacts, placed)


def enable(parsed: Parsed, spec: Spec) -> list[Enabled]:
    """Pair each plugin that is switched on with its view."""
    return [
        Enabled(plugin, View(spec, parsed.scopes[name].everywhere, parsed.scopes[name]))
        for name, plugin in parsed.plugins.items()
    ]


def run_lint(spec: Spec, enabled: Iterable[Enabled]) -> Iterator[Finding]:
    """Yield what the plugins find wrong with the spec."""
    for one in enabled:
        yield from facet(one.plugin.lint, spec, one.view)


def with_settings(spec: Spec, enabled: list[Enabled]) -> tuple[list[Enabled], list[Finding]]:
    """Give each plugin the settings that others ask of it; two different values are a finding.

    What a plugin asks may depend on what is asked of it, so the question is put again until
    nothing changes; a chain of requests is as long as the plugins it runs through.
    """
    asked = NO_SETTINGS
    for _ in range(ROUNDS):
        before = asked
        asked, problems = conflicts.settings(_all(spec, enabled, _settings))
        enabled = _routed(enabled, asked)
        if asked == before:
            return enabled, problems
    raise RuntimeError(f"the plugins' settings do not settle within {ROUNDS} rounds")


def _routed(enabled: list[Enabled], asked: Settings) -> list[Enabled]:
    """Give each plugin what is asked of it, by its name or by a job that it fills."""
    to: dict[str, list[Setting]] = defaultdict(list)
    for setting in asked:
        to[setting.to].append(setting)
    return [replace(one, view=replace(one.view, settings=_of(one.plugin, to))) for one in enabled]


def _of(plugin: Plugin[Any], to: Mapping[str, list[Setting]]) -> Settings:
    names = dict.fromkeys((plugin.name, *plugin.fills))
    return Settings([setting for name in names for setting in to.get(name, ())])


def facet(facet: Facet[Any, T], spec: Spec, view: View[Any]) -> Iterator[T]:
    """Run one facet over the site, every host and every domain, with the options in force there."""
    yield from facet.site(view)
    for host in spec.hosts.values():
        yield from facet.host(_with(view, view.for_host(host)), host)
    for domain in spec.domains.values():
        yield from facet.domain(_with(view, view.for_domain(domain)), domain)


def _with(view: View[Any], options: Any) -> View[Any]:
    return view if options is view.options else replace(view, options=options)


def _all(spec: Spec, enabled: Iterable[Enabled], of: Any) -> Iterator[Any]:
    for one in enabled:
        yield from facet(of(one.plugin), spec, one.view)


def _records(plugin: Plugin[Any]) -> Facet[Any, Record]:
    return plugin.records


def _settings(plugin: Plugin[Any]) -> Facet[Any, Setting]:
    return plugin.settings


def _with_ttl(spec: Spec, records: Iterable[Record]) -> Iterator[Record]:
    """Give records the lifetime of their kind: a set has one, whoever adds to it (RFC 2181 §5.2)."""
    return (replace(record, ttl=spec.dns.ttl_of(record.kind)) for record in records)


def _artifacts(
    spec: Spec, enabled: Iterable[Enabled], renderer: Renderer
) -> tuple[tuple[Artifact, ...], list[Finding]]:
    ordered: list[tuple[Plugin[Any], Render]] = [
        (one.plugin, order) for one in enabled for order in facet(one.plugin.files, spec, one.view)
    ]
    astray, placed = conflicts.without_host(ordered, spec.hosts)
    artifacts, refused = renderer.carry_out(placed)
    single, twice = conflicts.artifacts(artifacts)
    return single, [*astray, *refused, *twice, *_reviewed(single)]


def _reviewed(artifacts: Iterable[Artifact]) -> Iterator[Finding]:
    """Yield what is wrong with finished files, a changed template's included."""
    for artifact in artifacts:
        if artifact.order.review:
            yield from artifact.order.review(artifact.text)


def _named(loaded: Loaded) -> set[str]:
    named = loaded.data.get("plugins")
    return set(named) if isinstance(named, dict) else set()
