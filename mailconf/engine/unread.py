"""What a spec says at a place where nothing reads it: a finding, with the place where it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from mailconf.engine.fields import fields_of
from mailconf.engine.reading import levels
from mailconf.formats.names import a_labels
from mailconf.model.artifact import Artifact, Render
from mailconf.model.base import Level, Read
from mailconf.model.domain import Domain
from mailconf.model.endpoint import PROTOCOLS
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.place import Path
from mailconf.model.plugin import Facet, Plugin
from mailconf.model.spec import Spec

MISPLACED = Rule(
    code="CFG087",
    name="option-misplaced",
    severity=Severity.WARNING,
    message="{path} has no effect: plugin {plugin} reads {option} {levels}",
    fix="write it there, or remove it",
    bad="domains: {example.org: {postfix: {message_size: 10M}}}",
    good="plugins: {postfix: {message_size: 10M}}",
)
NO_EFFECT = Rule(
    code="CFG089",
    name="value-without-effect",
    severity=Severity.WARNING,
    message="{path} has no effect: {why}",
    fix="remove it, or change what it depends on",
    bad="domains: {example.net: {provider: google-workspace, smarthost: {host: smtp.example.com}}}",
    good="domains: {example.net: {provider: google-workspace}}",
)
IDLE = Rule(
    code="HST032",
    name="option-of-idle-plugin",
    severity=Severity.WARNING,
    message="{path} has no effect: plugin {plugin} renders no file for {hosts}",
    fix="remove it, or give the host the role that needs {plugin}",
    bad="hosts: {www: {hostname: www.example.org, addresses: [192.0.2.80], roles: [web], postfix: {message_size: 10M}}}",
    good="hosts: {mail: {postfix: {message_size: 10M}}}",
)
ANYWHERE = Read()


@dataclass(frozen=True, slots=True)
class Written:
    """A spec as its files have it: maps of plain data, and the plugins that are on."""

    spec: Spec
    data: Mapping[str, Any]
    plugins: Mapping[str, Plugin[Any]]
    off: frozenset[str] = frozenset()
    """Plugins that are switched off, or whose job another program does."""

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section, which is a map where the spec is usable."""
        found = self.data.get(name)
        return found if isinstance(found, dict) else {}


def unread(written: Written) -> Iterator[Finding]:
    """Yield every value that stands where nothing reads it."""
    for key, body in written.section("hosts").items():
        yield from _misplaced(written, "hosts", ("hosts", key), body)
        yield from _of_other_roles(written, written.spec.hosts[key], body)
    yield from _misplaced(written, "domains", ("defaults",), written.section("defaults"))
    yield from _defaults_without_effect(written)
    for key, body in written.section("domains").items():
        domain = written.spec.domains[a_labels(str(key))]
        where = ("domains", domain.name)
        yield from _misplaced(written, "domains", where, body)
        yield from _without_effect(written, domain, body or {})
    yield from _protocols(written.spec)
    yield from _of_plugins_off(written)
    yield from _dependent(written)


def _dependent(written: Written) -> Iterator[Finding]:
    """Yield options that count only with another one, which stands nowhere in the spec."""
    bodies = [(path, *each) for path, body in _bodies(written) for each in _options(written, body)]
    values = ((p.name, name, value) for _, p, body in bodies for name, value in body.items())
    found = {(*at, one) for *at, v in values if v not in (None, [], {}, "") for one in ("", str(v))}
    for path, plugin, body in bodies:
        for option in body:
            read = _declared(plugin.options, option)
            is_read = path[0] == "plugins" or path[0] in _places(plugin, option)
            if read and read.needs and is_read and (plugin.name, *read.needs) not in found:
                name, value = read.needs
                why = f"{plugin.name}.{name} is {f'not {value}' if value else 'not set'}"
                yield _no_effect((*path, plugin.name, option), why)


def _misplaced(
    written: Written, level: Level, where: Path, body: Mapping[str, Any] | None
) -> Iterator[Finding]:
    """Yield the options that a plugin does not read in this section."""
    for plugin, options in _options(written, body or {}):
        for option in options:
            places = _places(plugin, option)
            if level not in places:
                path = (*where, plugin.name, option)
                facts = {"path": _dotted(path), "plugin": plugin.name, "option": option}
                told = " and ".join(f"under {name}" for name in ("plugins", *sorted(places)))
                yield MISPLACED.at(plugin.name, path, levels=told, **facts)


def _options(
    written: Written, body: Mapping[str, Any]
) -> Iterator[tuple[Plugin[Any], Mapping[str, Any]]]:
    for name, options in body.items():
        plugin = written.plugins.get(name)
        if plugin and isinstance(options, dict):
            yield plugin, options


def _places(plugin: Plugin[Any], option: str) -> frozenset[str]:
    """Return the sections that an option is read in: as it declares, else as the code shows."""
    declared = _declared(plugin.options, option)
    return levels(plugin) if declared is None else frozenset(declared.at) & levels(plugin)


def _declared(model: type[BaseModel], name: str) -> Read | None:
    field = fields_of(model).get(name)
    own = field.read if field else None
    return own or cast(Read | None, getattr(model, "READ", None))


def _without_effect(written: Written, domain: Domain, body: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what does not count for a domain of this kind."""
    told: set[Path] = set()
    for path, read in _conditions(written, Domain, body):
        is_inside = any(path[:length] in told for length in range(len(path) + 1))
        if read.of and domain.kind not in read.of and not is_inside:
            told.add(path)
            yield _no_effect(("domains", domain.name, *path), _why(domain))
    yield from _alone(domain, body)


def _alone(domain: Domain, body: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield values that only count together with another one."""
    where = ("domains", domain.name)
    if domain.is_hosted and "tls" in body and domain.tls and not domain.client_host:
        yield _no_effect((*where, "tls"), "it is the certificate of client_host, which is missing")
    provider = domain.provider
    if provider and provider.tenant and not provider.dkim(domain.name):
        why = f"nothing of {provider.name} depends on it"
        yield _no_effect((*where, "provider", "tenant"), why)
    if domain.kind == "provider" and domain.mail == "send-only":
        yield _no_effect((*where, "mail"), _why(domain))
    if domain.kind == "none" and provider:
        yield _no_effect((*where, "provider"), _why(domain))


def _no_effect(path: Path, why: str) -> Finding:
    return NO_EFFECT.at(path[1], path, path=_dotted(path), why=why)


def _of_other_roles(written: Written, host: Host, body: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what does not count for a host of these roles."""
    for path, read in _conditions(written, Host, body):
        if read.roles and not set(read.roles).intersection(host.roles):
            yield _no_effect(("hosts", host.key, *path), _roles(host))


def _roles(host: Host) -> str:
    several = "roles" if host.roles[1:] else "role"
    return f"{host.key} has the {several} {', '.join(host.roles)}"


def _defaults_without_effect(written: Written) -> Iterator[Finding]:
    """Yield defaults that count for no domain at all."""
    kinds = {domain.kind for domain in written.spec.domains.values()}
    for path, read in _conditions(written, Domain, written.section("defaults")):
        if read.of and not kinds.intersection(read.of):
            yield _no_effect(("defaults", *path), f"no domain is {' or '.join(read.of)}")


def _conditions(
    written: Written, model: type[BaseModel], body: Mapping[str, Any]
) -> Iterator[tuple[Path, Read]]:
    """Yield every value that declares where it counts, outer ones first."""
    core = {name: value for name, value in body.items() if name not in written.plugins}
    yield from _declarations(model, core, ())
    for plugin, options in _options(written, body):
        yield from _declarations(plugin.options, options, (plugin.name,))


def _declarations(
    model: type[BaseModel], data: Mapping[str, Any], above: Path
) -> Iterator[tuple[Path, Read]]:
    fields = fields_of(model)
    for name, value in data.items():
        read = _declared(model, name)
        if read and (above or value not in (None, {}, [], "")):
            yield (*above, name), read
        field = fields.get(name)
        if field and field.model and isinstance(value, dict):
            yield from _inner(field.model, field.is_map, value, (*above, name))


def _inner(
    model: type[BaseModel], is_map: bool, value: Mapping[str, Any], above: Path
) -> Iterator[tuple[Path, Read]]:
    """Go into a model, or into every model of a map."""
    if not is_map:
        yield from _declarations(model, value, above)
        return
    for key, body in value.items():
        if isinstance(body, dict):
            yield from _declarations(model, body, (*above, key))


def _why(domain: Domain) -> str:
    if domain.kind == "provider" and domain.provider:
        return f"the mail of {domain.name} is with {domain.provider.name}"
    return f"{domain.name} has mail: {domain.mail}"


def _of_plugins_off(written: Written) -> Iterator[Finding]:
    """Yield the options of plugins that are off: the first of each, with how many there are."""
    found: dict[str, list[Path]] = {}
    for path, body in _bodies(written):
        for name in written.off.intersection(body):
            if isinstance(body[name], dict) and body[name]:
                found.setdefault(name, []).append((*path, name))
    for name, places in found.items():
        more = f", like {len(places) - 1} more of its options" if places[1:] else ""
        yield NO_EFFECT.at(
            name, places[0], path=_dotted(places[0]), why=f"plugin {name} is off{more}"
        )


def _bodies(written: Written) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every map in which options of plugins may stand."""
    yield ("plugins",), written.section("plugins")
    yield ("defaults",), written.section("defaults")
    for section in ("hosts", "domains"):
        for key, body in written.section(section).items():
            name = a_labels(str(key)) if section == "domains" else key
            yield (section, name), body or {}


def _protocols(spec: Spec) -> Iterator[Finding]:
    """Yield protocols that are offered where no host has the role for them."""
    by_name = {protocol.name: protocol for protocol in PROTOCOLS}
    hosts = list(spec.hosts.values())
    offered = [(("hosts", host.key), [host], host.protocols) for host in hosts]
    for where, able, protocols in ((), hosts, spec.protocols), *offered:
        for name, service in protocols.items():
            if service and hosts and not any(host.offers(by_name[name]) for host in able):
                why = _roles(able[0]) if where else "no host has the role for it"
                yield _no_effect((*where, "protocols", name), why)


def idle(
    written: Written,
    artifacts: Iterable[Artifact],
    by_default: Callable[[Plugin[Any], Host], Iterable[Render]],
) -> Iterator[Finding]:
    """Yield options of plugins for hosts for which they render nothing, even `by_default`.

    Plugins whose files belong to no host, or that have none, are not judged.
    """
    rendered = {(artifact.source, artifact.order.host) for artifact in artifacts}
    sources = {source for source, _ in rendered}
    absent: Facet[Any, Any] = Facet()
    hosts = written.spec.hosts

    def is_idle(plugin: Plugin[Any], keys: Iterable[str]) -> bool:
        is_judged = plugin.files.host is not absent.host
        return is_judged and not any(any(by_default(plugin, hosts[key])) for key in keys)

    for key, body in written.section("hosts").items():
        for plugin, options in _options(written, body):
            if options and (plugin.name, key) not in rendered and is_idle(plugin, [key]):
                yield _idle(plugin.name, ("hosts", key, plugin.name), key)
    for plugin, options in _options(written, written.section("plugins")):
        if options and plugin.name not in sources and is_idle(plugin, hosts):
            yield _idle(plugin.name, ("plugins", plugin.name), "any host")


def _idle(plugin: str, path: Path, hosts: str) -> Finding:
    return IDLE.at(plugin, path, path=_dotted(path), plugin=plugin, hosts=hosts)


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)
