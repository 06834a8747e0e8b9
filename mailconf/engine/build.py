"""Spec in, Build out: requests, records, lint, files, in that order, all pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path as File
from typing import Any, Literal

from mailconf.engine import conflicts, jobs, registry, requests
from mailconf.engine.containment import KINDS, contained, named_broken
from mailconf.engine.doers import unknown_doers, works_on
from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.locate import locate
from mailconf.engine.parse import Parsed, parse
from mailconf.engine.render import Renderer
from mailconf.engine.unread import Written, idle
from mailconf.engine.untrusted import check_place, restricted
from mailconf.model.artifact import Artifact, Render
from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.outcome import Build
from mailconf.model.plugin import Facet, Plugin, Scopes, View
from mailconf.model.record import Record, with_kinds
from mailconf.model.request import NO_REQUESTS, PluginRequest, Requested, Requests
from mailconf.model.spec import Spec

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
    broken: list[Finding] = field(default_factory=list, compare=False)
    """What the plugin raised, or yielded of the wrong type."""


def read(spec: File, environment: str = "", target: str = "", trust: Trust = "trusted") -> Parsed:
    """Load and parse a spec with the plugins that it names, for another target where one is given."""
    loaded, installed = loaded_with_plugins(spec, environment, target, trust)
    return parse(loaded, installed)


def loaded_with_plugins(
    spec: File, environment: str, target: str, trust: Trust
) -> tuple[Loaded, registry.Discovered]:
    """Load a spec and the plugins that it names; one that is not trusted names built-in ones alone."""
    if trust == "untrusted":
        check_place(spec)
    loaded = retargeted(load(spec, environment), target)
    if trust == "trusted":
        return loaded, registry.discover(_named(loaded), loaded.folder)
    installed = registry.discover(())
    return restricted(loaded, installed), installed


def build(parsed: Parsed, renderer: Renderer | None) -> Build:
    """Run every plugin's facets; raises UnusableSpecError when there is no spec to run them on.

    Without a renderer there are no artifacts, and nothing is found that only they show.
    """
    if parsed.spec is None:
        raise UnusableSpecError(parsed.findings)
    enabled, asked, problems = settled(parsed.spec, enable(parsed, parsed.spec))
    problems += _not_done(parsed, parsed.spec, asked)
    made = with_kinds(_all(parsed.spec, enabled, "records"), parsed.kinds)
    wanted = _with_ttl(parsed.spec, made)
    records, twice = conflicts.records(wanted)
    enabled = [replace(e, view=replace(e.view, records=records)) for e in enabled]
    findings = [*parsed.findings, *run_lint(parsed.spec, enabled)]
    artifacts: tuple[Artifact, ...] = ()
    refused: list[Finding] = []
    if renderer:
        artifacts, refused = _artifacts(parsed.spec, enabled, renderer, parsed.written)
        findings += _not_rendered(parsed, parsed.spec, enabled, artifacts)
    findings += [*problems, *twice, *refused, *(bug for one in enabled for bug in one.broken)]
    placed = tuple(f if f.place else f.placed(parsed.places.of(f.where)) for f in findings)
    views = {one.plugin.name: one.view for one in enabled}
    return Build(
        parsed.spec,
        parsed.places,
        records,
        artifacts,
        placed,
        scopes=parsed.scopes,
        views=views,
        requests=asked,
    )


def _not_rendered(
    parsed: Parsed, spec: Spec, enabled: list[Enabled], artifacts: tuple[Artifact, ...]
) -> Iterator[Finding]:
    """Yield options that nothing is rendered from, and ports that nothing serves."""
    by_default = partial(_files_by_default, {one.plugin.name: one for one in enabled})
    told = {finding.where[:-1] for finding in parsed.findings}
    unused = idle(parsed.written, artifacts, by_default) if parsed.written else ()
    yield from (finding for finding in unused if finding.where not in told)
    yield from jobs.unserved(spec, parsed.plugins.values(), artifacts)


def enable(parsed: Parsed, spec: Spec) -> list[Enabled]:
    """Pair each plugin that is switched on with its view."""
    return [
        Enabled(plugin, View(spec, parsed.scopes[name].everywhere, parsed.scopes[name]))
        for name, plugin in parsed.plugins.items()
    ]


def run_lint(spec: Spec, enabled: Iterable[Enabled]) -> Iterator[Finding]:
    """Yield what the plugins find wrong with the spec."""
    for one in enabled:
        yield from facet(one, "lint", spec)


def _not_done(parsed: Parsed, spec: Spec, asked: Requests) -> Iterator[Finding]:
    """Yield jobs that nothing does, and requests that nothing takes."""
    active = list(parsed.plugins.values())
    yield from unknown_doers(spec, active, parsed.off)
    yield from jobs.unfilled(spec, active, parsed.off, asked)
    yield from jobs.filled_twice(spec, active)
    yield from requests.not_taken(spec, active, parsed.off, asked)


def with_requests(spec: Spec, enabled: list[Enabled]) -> tuple[list[Enabled], list[Finding]]:
    """Give each plugin the requests that others make of it."""
    enabled, _, problems = settled(spec, enabled)
    return enabled, problems


def settled(spec: Spec, enabled: list[Enabled]) -> tuple[list[Enabled], Requests, list[Finding]]:
    """Give each plugin the requests that others make of it; two that disagree are a finding.

    What a plugin asks may depend on what is asked of it, so the question is put again to those of
    whom something else is asked; a chain of requests is as long as the plugins it runs through.
    """
    asked = NO_REQUESTS
    said: dict[str, tuple[View[Any], tuple[Requested, ...]]] = {}
    for _ in range(ROUNDS):
        before = asked
        for one in enabled:
            if one.plugin.name not in said or said[one.plugin.name][0] is not one.view:
                said[one.plugin.name] = one.view, tuple(_requested(one, spec))
        asked, problems = conflicts.requests(chain.from_iterable(s for _, s in said.values()))
        enabled = _routed(enabled, asked)
        if asked == before:
            return enabled, asked, problems
    restless = {requested.source for requested in set(asked) ^ set(before)}
    problem = f"do not settle within {ROUNDS} rounds"
    told = [named_broken(name, "requests", problem) for name in sorted(restless)]
    return enabled, asked, told


def _requested(one: Enabled, spec: Spec) -> Iterator[Requested]:
    return (Requested(request, one.plugin.name) for request in facet(one, "requests", spec))


def _routed(enabled: list[Enabled], asked: Requests) -> list[Enabled]:
    """Give each plugin the requests of the types that it takes."""
    by_type: dict[type[PluginRequest], list[Requested]] = defaultdict(list)
    for requested in asked:
        by_type[type(requested.request)].append(requested)
    return [_asked(one, Requests(_taken(one.plugin, by_type))) for one in enabled]


def _taken(
    plugin: Plugin[Any], by_type: Mapping[type[PluginRequest], list[Requested]]
) -> Iterator[Requested]:
    for kind in plugin.takes:
        for requested in by_type.get(kind, ()):
            if requested.request.to in ("", plugin.name):
                yield requested


def _asked(one: Enabled, asked: Requests) -> Enabled:
    """Return a plugin with these requests: itself when they are those that it has."""
    if asked == one.view.requests:
        return one
    return replace(one, view=replace(one.view, requests=asked))


def facet(one: Enabled, part: str, spec: Spec) -> Iterator[Any]:
    """Run one facet; where it breaks it ends, and `one.broken` says so."""
    calls = _calls(one.plugin, getattr(one.plugin, part), spec, one.view)
    return contained(one.plugin, part, KINDS[part], calls, one.broken)


def _calls(
    plugin: Plugin[Any], facet: Facet[Any, Any], spec: Spec, view: View[Any]
) -> Iterator[Callable[[], Any]]:
    """Call it for the site, every host that it works on, and every domain, with the options in force there."""
    yield partial(facet.site, view)
    for host in spec.hosts.values() if facet.asks_hosts else ():
        if works_on(spec, plugin, host):
            yield partial(facet.host, _with(view, view.for_host(host)), host)
    for domain in spec.domains.values() if facet.asks_domains else ():
        yield partial(facet.domain, _with(view, view.for_domain(domain)), domain)


def _with(view: View[Any], options: Any) -> View[Any]:
    return view if options is view.options else replace(view, options=options)


def _all(spec: Spec, enabled: Iterable[Enabled], part: str) -> Iterator[Any]:
    for one in enabled:
        yield from facet(one, part, spec)


def _with_ttl(spec: Spec, records: Iterable[Record]) -> Iterator[Record]:
    """Give records the lifetime of their kind: a set has one, whoever adds to it (RFC 2181 §5.2)."""
    for record in records:
        ttl = spec.dns.ttl_of(record.kind.name)
        yield record if record.ttl == ttl else replace(record, ttl=ttl)


def _artifacts(
    spec: Spec, enabled: Iterable[Enabled], renderer: Renderer, written: Written | None
) -> tuple[tuple[Artifact, ...], list[Finding]]:
    where = partial(locate, data=written.data if written else {})
    ordered: list[tuple[Plugin[Any], Render]] = [
        (one.plugin, order) for one in enabled for order in facet(one, "files", spec)
    ]
    astray, placed = conflicts.without_host(ordered, spec.hosts)
    artifacts, refused = renderer.carry_out(placed, where)
    single, twice = conflicts.artifacts(artifacts)
    return single, [*astray, *refused, *twice, *_reviewed(single, enabled)]


def _files_by_default(
    enabled: Mapping[str, Enabled], plugin: Plugin[Any], host: Host
) -> Iterator[Render]:
    """Yield what a plugin would render for a host if the spec gave it no options."""

    def files() -> Iterable[Render]:
        if not works_on(enabled[plugin.name].view.spec, plugin, host):
            return ()
        default = plugin.options()
        view = replace(enabled[plugin.name].view, options=default, scopes=Scopes(default))
        return plugin.files.host(view, host)

    return contained(plugin, "files", Render, [files], [])


def _reviewed(artifacts: Iterable[Artifact], enabled: Iterable[Enabled]) -> Iterator[Finding]:
    """Yield what is wrong with finished files, a changed template's included."""
    by_name = {one.plugin.name: one for one in enabled}
    for artifact in artifacts:
        review, one = artifact.order.review, by_name[artifact.source]
        if review:
            part = f"review of {artifact.order.path}"
            call = partial(review, artifact.text)
            yield from contained(one.plugin, part, Finding, [call], one.broken)


def _named(loaded: Loaded) -> set[str]:
    named = loaded.data.get("plugins")
    return set(named) if isinstance(named, dict) else set()
