"""Plain data to Spec and plugin options; everything wrong is a Finding at its Place, all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from mailconf.engine.containment import BROKEN, broke, is_stop
from mailconf.engine.doers import doers_in, is_on
from mailconf.engine.load import Loaded
from mailconf.engine.merge import overlay
from mailconf.engine.registry import Discovered, record_kinds
from mailconf.engine.spelling import Speller
from mailconf.engine.unread import Written, unread
from mailconf.engine.validation_errors import (
    BAD_VALUE,
    MISSING_KEY,
    UNKNOWN_PLUGIN,
    complaints,
    is_map,
)
from mailconf.model.address import reading
from mailconf.model.base import Model, host_name
from mailconf.model.domain import NAME
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import KEY
from mailconf.model.place import Path, Places
from mailconf.model.plugin import Plugin, Scopes
from mailconf.model.record_kind import RECORD_KINDS, RecordKinds
from mailconf.model.spec import Spec

BAD_NAME = Rule(
    code="CFG024",
    name="domain-name-invalid",
    severity=Severity.ERROR,
    message="{found!r} is not a valid domain name: {wanted}",
    fix="write the domain as it appears after the @ of a mail address",
    ref="RFC 1035 §2.3.1, RFC 5890 §2.3.2.1",
    bad='domains: {"exa mple.org": {}}',
    good="domains: {example.org: {}}",
)
SAME_NAME = Rule(
    code="CFG025",
    name="duplicate-domain",
    severity=Severity.ERROR,
    message="{found!r} is the same domain as {other!r} at {place}; expected one entry",
    fix="merge the two entries",
    ref="RFC 4343, RFC 5890 §2.3.2.1",
    bad="domains: {example.org: {}, EXAMPLE.org: {}}",
    good="domains: {example.org: {}}",
)
SAME_HOST = Rule(
    code="CFG092",
    name="hostname-twice",
    severity=Severity.ERROR,
    message="host {key} has the hostname {name}, as host {other} has at {place}",
    fix="give each host a name of its own, or merge the two entries",
    ref="RFC 5321 §4.1.1.1",
    bad=(
        "hosts: {mail: {hostname: mail.example.org}, "
        "out: {hostname: Mail.example.org, addresses: [192.0.2.98], roles: [relay]}}"
    ),
    good=(
        "hosts: {mail: {hostname: mail.example.org}, "
        "out: {hostname: out.example.org, addresses: [192.0.2.98], roles: [relay]}}"
    ),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A usable spec, or None, with the plugins that are switched on and their options."""

    spec: Spec | None
    places: Places
    plugins: Mapping[str, Plugin[Any]]
    scopes: Mapping[str, Scopes]
    findings: tuple[Finding, ...]
    off: Mapping[str, Plugin[Any]] = field(default_factory=dict)
    """Plugins that are there and switched off, or whose job another program does."""
    written: Written | None = None
    """What the files say, where it is a usable spec."""

    @property
    def kinds(self) -> RecordKinds:
        """The kinds of records of all plugins: an operator may publish records of those switched off."""
        return record_kinds({**self.plugins, **self.off})


def parse(loaded: Loaded, installed: Mapping[str, Plugin[Any]]) -> Parsed:
    """Validate loaded data; the Spec is None when any error makes it unusable."""
    data, findings = dict(loaded.data), list(loaded.findings)
    found = installed if isinstance(installed, Discovered) else Discovered(installed)
    asked = _section(data, "plugins", findings)
    defaults = _section(data, "defaults", findings)
    findings += found.findings
    findings += _unknown_plugins(asked, found)
    doers = doers_in(data)
    active = {name: p for name, p in found.items() if is_on(p, asked.get(name), doers)}
    domains, places = _domains(data, defaults, loaded.places, findings)
    hosts = data.get("hosts")
    core = {key: value for key, value in data.items() if (key, value) != ("hosts", None)}
    if isinstance(hosts, dict):
        core["hosts"] = _bodies(hosts, {*found, *_broken(found)}, KEY)
    if isinstance(domains, dict):
        core["domains"] = _bodies(domains, {*found, *_broken(found)}, NAME)
    context = reading(domains if isinstance(domains, dict) else {})
    context[RECORD_KINDS] = record_kinds(found)
    speller = Speller(places, context, findings)
    spec = _validated(Spec, core, (), speller, found.installed)
    findings += _hosts_are_there(data.get("hosts"), domains)
    scopes = {
        name: _scopes(plugin, asked.get(name), hosts, domains, speller)
        for name, plugin in active.items()
    }
    places = speller.moved()
    findings += _same_hosts(spec, places) if spec else ()
    unusable = any(f.rule.severity is Severity.ERROR for f in findings)
    off = {name: plugin for name, plugin in found.items() if name not in active}
    written = None if unusable else Written(spec, loaded.data, active, frozenset(off))
    findings += unread(written) if written else ()
    placed = tuple(f if f.place else f.placed(places.of(f.where)) for f in findings)
    return Parsed(None if unusable else spec, places, active, scopes, placed, off, written)


def _section(data: dict[str, Any], key: str, findings: list[Finding]) -> dict[str, Any]:
    value = data.pop(key, None)
    found = is_map(value, (key,))
    findings += found
    return value if isinstance(value, dict) and not found else {}


def _unknown_plugins(asked: Mapping[str, Any], installed: Discovered) -> Iterator[Finding]:
    for name in asked.keys() - installed.keys() - _broken(installed):
        known = ", ".join(sorted(installed))
        yield UNKNOWN_PLUGIN.at(name, ("plugins", name), name=name, known=known)


def _hosts_are_there(hosts: Any, domains: Any) -> Iterator[Finding]:
    """Yield the finding that hosts are missing where a domain's mail is handled here."""
    bodies = domains.values() if isinstance(domains, dict) else (None,)
    if hosts in (None, {}) and any(map(_is_handled_here, bodies)):
        if hosts is None:
            yield MISSING_KEY.at("hosts", ("hosts",), key="hosts")
        else:
            found = "an empty map"
            yield BAD_VALUE.at(
                "hosts", ("hosts",), path="hosts", found=found, wanted="at least one"
            )


def _is_handled_here(body: Any) -> bool:
    told = body if isinstance(body, dict) else {}
    return told.get("mail") != "none" and not told.get("provider")


def _broken(found: Discovered) -> set[str]:
    return {finding.subject for finding in found.findings if finding.rule is BROKEN}


def _domains(
    data: dict[str, Any], defaults: dict[str, Any], places: Places, findings: list[Finding]
) -> tuple[Any, Places]:
    """Put `defaults` under every domain, and every domain under its A-labels."""
    written = data.get("domains")
    if not isinstance(written, dict):
        return written, places
    domains: dict[str, Any] = {}
    spelled: dict[str, str] = {}
    names: dict[str, str] = {}
    for key, body in written.items():
        try:
            name = host_name(key)
        except ValueError as why:
            reason = str(why).removeprefix("a domain name; ")
            findings.append(BAD_NAME.at(key, ("domains", key), found=key, wanted=reason))
            continue
        if name in spelled:
            facts = {"found": key, "other": spelled[name]}
            first = places.of(("domains", spelled[name]))
            found = SAME_NAME.at(key, ("domains", key), **facts, place=first)
            findings.append(found.placed(places.of(("domains", key))))
        names[key] = name
        spelled.setdefault(name, key)
        domains[name] = overlay(domains.get(name, defaults), {} if body is None else body)
    return domains, _under_new_names(places, names)


def _same_hosts(spec: Spec, places: Places) -> Iterator[Finding]:
    """Yield hosts that have the name of an earlier one: DNS and certificates could not tell them apart."""
    first: dict[str, str] = {}
    for key, host in spec.hosts.items():
        other = first.setdefault(host.hostname, key)
        if other != key:
            place = places.of(("hosts", other, "hostname"))
            facts = {"key": key, "name": host.hostname, "other": other, "place": place}
            yield SAME_HOST.at(key, ("hosts", key, "hostname"), **facts)


def _under_new_names(places: Places, names: Mapping[str, str]) -> Places:
    moved = {key: name for key, name in names.items() if key != name}
    if not moved:
        return places
    by_path = {
        (("domains", moved[str(path[1])], *path[2:]) if _is_moved(path, moved) else path): place
        for path, place in places.by_path.items()
    }
    return Places(places.file, by_path)


def _is_moved(path: Path, moved: Mapping[str, str]) -> bool:
    return len(path) > 1 and path[0] == "domains" and path[1] in moved


def _bodies(section: dict[str, Any], installed: Collection[str], id_field: str) -> dict[str, Any]:
    """Return hosts or domains without plugin options, each knowing its own key."""
    return {
        key: _body(body, installed) | {id_field: key} if isinstance(body, dict) else body
        for key, body in section.items()
    }


def _body(body: dict[str, Any], installed: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in installed}


def _scopes(
    plugin: Plugin[Any],
    asked: Any,
    hosts: Any,
    domains: Any,
    speller: Speller,
) -> Scopes:
    """Read one plugin's options: for everything, and merged over that per host and domain."""
    base = {} if asked in (None, "on") else asked
    everywhere = _options(plugin, base, ("plugins", plugin.name), speller)
    return Scopes(
        Model() if everywhere is None else everywhere,
        _overrides(plugin, base, hosts, "hosts", speller),
        _overrides(plugin, base, domains, "domains", speller),
    )


def _overrides(
    plugin: Plugin[Any],
    base: Any,
    section: Any,
    name: str,
    speller: Speller,
) -> dict[str, BaseModel]:
    own: dict[str, BaseModel] = {}
    for key, body in section.items() if isinstance(section, dict) else ():
        if isinstance(body, dict) and plugin.name in body:
            merged = overlay(base, body[plugin.name])
            options = _options(plugin, merged, (name, key, plugin.name), speller)
            if options is not None:
                own[key] = options
    return own


def _options(plugin: Plugin[Any], data: Any, where: Path, speller: Speller) -> Any:
    try:
        return _validated(plugin.options, data, where, speller)
    except BaseException as bug:  # of a validator that the plugin brings
        if is_stop(bug):
            raise
        speller.findings.append(broke(plugin, "options", bug))
        return None


def _validated(
    model: type[BaseModel],
    data: Any,
    where: Path,
    speller: Speller,
    installed: Collection[str] = (),
) -> Any:
    spelled = speller.spelled(model, data, where)
    try:
        return model.model_validate(spelled, context=dict(speller.context))
    except ValidationError as why:
        speller.findings += complaints(model, spelled, where, why, installed)
    return None
