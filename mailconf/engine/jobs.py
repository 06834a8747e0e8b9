"""Jobs that roles need done: each is filled by one plugin, or left to another program on purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mailconf.engine.doers import works_on
from mailconf.model.artifact import Artifact, Port
from mailconf.model.endpoint import Family
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import EXCLUSIVE, Host, JobName
from mailconf.model.plugin import Plugin
from mailconf.model.request import Requested
from mailconf.model.spec import Spec

UNFILLED = Rule(
    code="HST031",
    name="job-not-filled",
    severity=Severity.ERROR,
    message="{what} on {hosts} is not provided: no enabled plugin fills the job {job}",
    fix="{hint}",
    bad="plugins: {postfix: off}",
    good="plugins: {postfix: on}",
)
SEVERAL = Rule(
    code="CFG088",
    name="job-filled-twice",
    severity=Severity.ERROR,
    message="the job {job} is filled by {plugins}; expected one of them",
    fix="set all but one of {plugins} to off under plugins, or name one of them under jobs",
)
UNSERVED = Rule(
    code="HST033",
    name="open-port-not-served",
    severity=Severity.WARNING,
    message="port {ports} of {host} is open in the firewall, and no enabled plugin fills the job {job}",
    fix="enable a plugin that fills the job {job}, or take the role away from {host}",
    bad="plugins: {postfix: off}",
    good="plugins: {postfix: on}",
)
WHAT: dict[JobName, str] = {
    "mta": "an SMTP server",
    "access": "a mail store or the check of passwords",
    "web": "a web server",
    "signer": "a DKIM signer",
}

SERVED_BY: dict[JobName, tuple[Family, ...]] = {
    "mta": ("smtp",),
    "access": ("imap", "pop3", "sieve"),
}


def unfilled(
    spec: Spec, active: Sequence[Plugin[Any]], off: Mapping[str, Plugin[Any]],
    asked: Iterable[Requested],
) -> Iterator[Finding]:  # fmt: skip
    """Yield every job that hosts need done and nothing does."""
    fillers = _fillers(active)
    needed: dict[JobName, dict[str, None]] = defaultdict(dict)
    for job, host in (*_by_roles(spec), *_by_requests(off, asked)):
        if host in spec.hosts and not _is_done(spec, fillers, job, spec.hosts[host]):
            needed[job][host] = None
    for job, hosts in needed.items():
        named = sorted(name for name, plugin in off.items() if job in plugin.fills)
        if not named:
            continue  # nothing that is installed could be switched on
        where = ("plugins", named[0])
        facts = {"what": WHAT[job], "hosts": ", ".join(hosts), "job": job}
        yield UNFILLED.at(job, where, hint=_hint(job, named), **facts)


def _fillers(active: Iterable[Plugin[Any]]) -> Mapping[JobName, list[Plugin[Any]]]:
    found: dict[JobName, list[Plugin[Any]]] = defaultdict(list)
    for plugin in active:
        for job in plugin.fills:
            found[job].append(plugin)
    return found


def _is_done(
    spec: Spec, fillers: Mapping[JobName, list[Plugin[Any]]], job: JobName, host: Host
) -> bool:
    """Tell whether anything does a job on a host; a signer is asked for by name."""
    if spec.doer_of(job, host):
        return True  # that it is unknown is told where it is named
    return job in EXCLUSIVE and any(works_on(spec, one, host) for one in fillers.get(job, ()))


def _hint(job: JobName, off: list[str]) -> str:
    enable = " or ".join(f"plugins: {{{name}: on}}" for name in off)
    return f"set {enable}, or jobs: {{{job}: other}} where another program does it"


def _by_roles(spec: Spec) -> Iterator[tuple[JobName, str]]:
    for host in spec.hosts.values():
        if host.is_mta:
            yield "mta", host.key
        if host.is_("mailstore", "submission"):
            yield "access", host.key


def _by_requests(
    off: Mapping[str, Plugin[Any]], asked: Iterable[Requested]
) -> Iterator[tuple[JobName, str]]:
    """Yield what plugins need: pages served, and keys used by the signer that the spec chooses."""
    for request, _ in asked:
        if request.job == "web":
            yield "web", request.host
        if request.job == "signer" and request.to in off and "signer" in off[request.to].fills:
            yield "signer", request.host


def filled_twice(spec: Spec, active: Iterable[Plugin[Any]]) -> Iterator[Finding]:
    """Yield the jobs that several plugins would do at once."""
    for job, plugins in _fillers(active).items():
        names = [plugin.name for plugin in plugins]
        free = any(not spec.doer_of(job, host) for host in spec.hosts.values())
        if job in EXCLUSIVE and len(names) > 1 and (free or not spec.hosts):
            yield SEVERAL.at(job, ("plugins", names[-1]), job=job, plugins=" and ".join(names))


def unserved(
    spec: Spec, active: Iterable[Plugin[Any]], artifacts: Iterable[Artifact]
) -> Iterator[Finding]:
    """Yield ports that are opened for a protocol whose server nothing runs."""
    fillers = _fillers(active)
    opened = {
        (artifact.order.host, need.number)
        for artifact in artifacts
        for need in artifact.order.needs
        if isinstance(need, Port)
    }
    for host in spec.hosts.values():
        for job, families in SERVED_BY.items():
            if _is_done(spec, fillers, job, host):
                continue
            points = [p for p in spec.endpoints_of(host) if p.protocol.family in families]
            ports = [str(point.port) for point in points if (host.key, point.port) in opened]
            if ports:
                facts = {"ports": ", ".join(ports), "host": host.key, "job": job}
                yield UNSERVED.at(host.key, ("hosts", host.key), **facts)
