"""Requests that no plugin takes: a finding at the plugin that makes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailconf.engine.doers import works_on
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import EXCLUSIVE, OTHER, Host
from mailconf.model.place import Path
from mailconf.model.plugin import Plugin
from mailconf.model.request import PluginRequest, Requested
from mailconf.model.spec import Spec

NOT_TAKEN = Rule(
    code="CFG082",
    name="request-not-taken",
    severity=Severity.ERROR,
    message="plugin {source} requests {request} on {host}, which no enabled plugin takes",
    fix="enable a plugin that takes it (mailconf plugins lists them), or report this to the author of {source}",
)
UNKNOWN_PLUGIN = Rule(
    code="CFG083",
    name="request-to-unknown-plugin",
    severity=Severity.ERROR,
    message="plugin {source} requests {request} of {to}; no plugin of that name is installed",
    fix="install the package that provides {to} and name it under plugins, or correct the option of {source} that names it",
)
UNKNOWN_HOST = Rule(
    code="CFG084",
    name="request-for-unknown-host",
    severity=Severity.ERROR,
    message="plugin {source} requests {request} on host {host!r}; expected one of {known}",
    fix="update {source}, or report this to its author: it has to name the host by its key",
)
IN_VAIN = Rule(
    code="CFG086",
    name="request-to-plugin-off",
    severity=Severity.WARNING,
    message="plugin {source} needs {requests} of {to}, which is not used on {hosts}; {instead} does not take them from it",
    fix="configure the same manually in {instead}, then waive this finding",
)


@dataclass(frozen=True, slots=True)
class Receivers:
    """The plugins that may take requests, by type: those that are on, and those that are off."""

    active: Mapping[type[PluginRequest], list[Plugin[Any]]]
    off: Mapping[type[PluginRequest], list[Plugin[Any]]]
    names: frozenset[str]

    @classmethod
    def of(cls, active: Iterable[Plugin[Any]], off: Iterable[Plugin[Any]]) -> Receivers:
        """Sort plugins by what they take."""
        known = frozenset(plugin.name for plugin in (*active, *off))
        return cls(_by_type(active), _by_type(off), known)

    def take(self, request: PluginRequest, spec: Spec) -> bool:
        """Tell whether a plugin that works on the host takes a request."""
        suiting = [p for p in self.active.get(type(request), ()) if _suits(p, request)]
        return any(works_on(spec, plugin, spec.hosts[request.host]) for plugin in suiting)

    def would_take(self, request: PluginRequest) -> Plugin[Any] | None:
        """Return a plugin that does not work on the host and would take a request."""
        kind = type(request)
        known = (*self.off.get(kind, ()), *self.active.get(kind, ()))
        return next((p for p in known if _suits(p, request)), None)


def _by_type(plugins: Iterable[Plugin[Any]]) -> Mapping[type[PluginRequest], list[Plugin[Any]]]:
    found: dict[type[PluginRequest], list[Plugin[Any]]] = defaultdict(list)
    for plugin in plugins:
        for kind in plugin.takes:
            found[kind].append(plugin)
    return found


def _suits(plugin: Plugin[Any], request: PluginRequest) -> bool:
    return request.to in ("", plugin.name)


def not_taken(
    spec: Spec,
    active: list[Plugin[Any]],
    off: Mapping[str, Plugin[Any]],
    asked: Iterable[Requested],
) -> Iterator[Finding]:
    """Yield the requests that have no effect, each type once for the plugin that makes them."""
    receivers = Receivers.of(active, list(off.values()))
    untaken = [r for r in asked if not _is_taken(r.request, spec, receivers)]
    told: set[tuple[object, ...]] = set()
    for requested in untaken:
        finding = _wrong(requested, spec, receivers)
        kind = (requested.source, requested.request.to, type(requested.request))
        if finding and kind not in told:
            told.add(kind)
            yield finding
    yield from _in_vain(untaken, spec, active, receivers)


def _is_taken(request: PluginRequest, spec: Spec, receivers: Receivers) -> bool:
    if request.host not in spec.hosts:
        return False
    return request.is_optional or receivers.take(request, spec)


def _wrong(requested: Requested, spec: Spec, receivers: Receivers) -> Finding | None:
    """Say what is wrong with a request that nothing takes; what is off takes none rightly."""
    request, source = requested
    facts = {"source": source, "request": request.what}
    where: Path = ("plugins", source)
    if request.host not in spec.hosts:
        known = ", ".join(spec.hosts)
        return UNKNOWN_HOST.at(source, where, host=request.host, known=known, **facts)
    if receivers.would_take(request):
        return None  # who takes it does not work there: where it matters, a job is not filled, or in vain
    if request.to and request.to not in receivers.names:
        return UNKNOWN_PLUGIN.at(source, where, to=request.to, **facts)
    return NOT_TAKEN.at(source, where, host=request.host, **facts)


def _in_vain(
    untaken: Iterable[Requested], spec: Spec, active: list[Plugin[Any]], receivers: Receivers
) -> Iterator[Finding]:
    """Yield what is requested of a plugin that is off while something else does its job."""
    types: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    hosts: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for request, source in untaken:
        plugin = receivers.would_take(request)
        if plugin and request.host in spec.hosts:
            for name in _instead(plugin, spec, spec.hosts[request.host], active)[:1]:
                types[source, plugin.name, name][type(request).__name__] = None
                hosts[source, plugin.name, name][request.host] = None
    for key, names in types.items():
        source, to, name = key
        facts = {"source": source, "to": to, "requests": ", ".join(names), "instead": name}
        yield IN_VAIN.at(source, ("plugins", to), hosts=", ".join(hosts[key]), **facts)


def _instead(absent: Plugin[Any], spec: Spec, host: Host, active: list[Plugin[Any]]) -> list[str]:
    """Return what does the jobs of a plugin that does not work on a host: other plugins, or another program."""
    jobs = set(absent.fills).intersection(EXCLUSIVE)
    found = [p.name for p in active if jobs.intersection(p.fills) and works_on(spec, p, host)]
    others = [job for job in absent.fills if spec.doer_of(job, host) == OTHER]
    return [*found, *("another program" for _ in others)]
