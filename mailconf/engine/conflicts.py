"""Two plugins that claim the same thing: a finding with both sources, never an overwrite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from mailconf.model.artifact import Artifact, Render
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Plugin
from mailconf.model.record import Record, Records
from mailconf.model.request import PluginRequest, Requested, Requests

REQUEST = Rule(
    code="CFG030",
    name="plugin-settings-conflict",
    severity=Severity.ERROR,
    message="on {host}, {source} requests {request} with {one}, but {rival} requests it with {other}",
    fix="switch one of the two plugins off",
)
RECORD = Rule(
    code="CFG031",
    name="record-conflict",
    severity=Severity.ERROR,
    message="{name} would have both {one} and {other}, which cannot coexist",
    fix="remove one of them from the spec: a host name, an alias or a plugin",
    ref="RFC 1034 §3.6.2, RFC 7208 §4.5, RFC 9989 §4.10",
)
CIRCLE = Rule(
    code="CFG035",
    name="cname-to-itself",
    severity=Severity.ERROR,
    message="{name} would be a CNAME for itself",
    fix="name the host that serves {name}",
    ref="RFC 1034 §3.6.2",
)
FILE = Rule(
    code="CFG032",
    name="file-conflict",
    severity=Severity.ERROR,
    message="both {one} and {other} render {path}",
    fix="switch one of the two plugins off",
)

ASTRAY = Rule(
    code="CFG068",
    name="render-host-unknown",
    severity=Severity.ERROR,
    message="plugin {plugin} renders {path} for host {host}; expected one of {known}",
    fix="report it to the author of the plugin {plugin}",
)


def requests(made: Iterable[Requested]) -> tuple[Requests, list[Finding]]:
    """Return the requests, equal ones once, and a finding for every disagreement.

    Of those of which a host has several the order is theirs, and the same in every build.
    """
    kept: dict[tuple[object, ...], Requested] = {}
    several: dict[Requested, None] = {}
    findings: list[Finding] = []
    for requested in made:
        request = requested.request
        if request.unique is None:
            several[requested] = None
            continue
        what = (type(request), request.host, request.to, *_named(request, request.unique))
        first = kept.setdefault(what, requested)
        if first.request != request:
            findings.append(_disagreement(first, requested))
    ordered = sorted(several, key=lambda r: (r.request.order, repr(r.request)))
    return Requests((*kept.values(), *ordered)), findings


def _named(request: PluginRequest, names: Iterable[str]) -> tuple[object, ...]:
    return tuple(getattr(request, name) for name in names)


def _disagreement(first: Requested, second: Requested) -> Finding:
    one, other = first.request, second.request
    differing = [f.name for f in fields(one) if getattr(one, f.name) != getattr(other, f.name)]
    return REQUEST.at(
        one.what,
        ("hosts", one.host),
        request=one.what,
        host=one.host,
        one=_written(one, differing),
        source=first.source,
        other=_written(other, differing),
        rival=second.source,
    )


def _written(request: PluginRequest, names: Iterable[str]) -> str:
    return ", ".join(f"{name} {getattr(request, name)!r}" for name in names)


def records(wanted: Iterable[Record]) -> tuple[Records, list[Finding]]:
    """Return the records in order, equal ones once, and a finding for every impossible pair."""
    unique = sorted(dict.fromkeys(wanted))
    by_name: dict[str, list[Record]] = defaultdict(list)
    for record in unique:
        by_name[record.name].append(record)
    findings = [
        RECORD.at(name, pair[1].where, name=name, one=pair[0], other=pair[1])
        for name, group in by_name.items()
        for pair in _impossible(group)
    ]
    findings += [
        CIRCLE.at(record.name, record.where, name=record.name)
        for record in unique
        if record.type == "CNAME" and record.value == record.name
    ]
    return Records(unique), findings


def _impossible(group: list[Record]) -> Iterator[tuple[Record, Record]]:
    """Yield each record at one name that DNS or a policy standard forbids beside an earlier one."""
    first: dict[str, Record] = {}
    for record in group:
        rival = next((first[key] for key in ("CNAME", *_excluded_by(record)) if key in first), None)
        if rival:
            yield rival, record
        for key in ("", record.type, *_excluded_by(record)):
            first.setdefault(key, record)


def _excluded_by(record: Record) -> tuple[str, ...]:
    """Return what a record bears no other of beside it: anything, or the policy that it is."""
    if record.type == "CNAME":
        return ("",)
    is_policy = record.type == "TXT" and record.kind.holds(record.name, record.value)
    return (record.kind.name,) if is_policy else ()


def artifacts(made: Iterable[Artifact]) -> tuple[tuple[Artifact, ...], list[Finding]]:
    """Return the artifacts by path, and a finding for every path that two plugins claim.

    A file and a folder of one name are two claims, too.
    """
    by_path: dict[str, Artifact] = {}
    findings = []
    for artifact in made:
        first = by_path.setdefault(str(artifact.path), artifact)
        if first is not artifact:
            rival = artifact.source
            found = FILE.at(artifact.path, path=artifact.path, one=first.source, other=rival)
            findings.append(found)
    findings += _folders(by_path)
    return tuple(by_path[path] for path in sorted(by_path)), findings


def _folders(by_path: Mapping[str, Artifact]) -> Iterator[Finding]:
    """Yield each file below what is a file as well."""
    for artifact in by_path.values():
        for above in artifact.path.parents:
            if first := by_path.get(str(above)):
                path = f"{above}, with {artifact.path.relative_to(above)} below it"
                yield FILE.at(artifact.path, path=path, one=first.source, other=artifact.source)


Ordered = tuple[Plugin[Any], Render]


def without_host(
    ordered: Iterable[Ordered], hosts: Collection[str]
) -> tuple[list[Finding], list[Ordered]]:
    """Return a finding for every order for a host that the spec does not have, and the other orders."""
    placed, findings = [], []
    for plugin, order in ordered:
        if not order.host or order.host in hosts:
            placed.append((plugin, order))
            continue
        path, name, known = str(order.path), plugin.name, ", ".join(hosts)
        findings.append(ASTRAY.at(path, plugin=name, path=path, host=order.host, known=known))
    return findings, placed
