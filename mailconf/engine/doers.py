"""What does a job on a host: a plugin that fills it, or a program that mailconf does not configure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import EXCLUSIVE, OTHER, Host, Jobs
from mailconf.model.place import Path
from mailconf.model.plugin import Plugin
from mailconf.model.spec import Spec

NOT_A_DOER = Rule(
    code="CFG093",
    name="job-given-to-unknown-plugin",
    severity=Severity.ERROR,
    message="{path} is {found!r}; expected {expected}",
    fix="{hint}",
    bad="jobs: {mta: postfx}",
    good="jobs: {mta: postfix}",
)


def works_on(spec: Spec, plugin: Plugin[Any], host: Host) -> bool:
    """Tell whether a plugin does its work on a host: the spec gives the jobs that it fills to nothing else."""
    return all(
        spec.doer_of(job, host) in ("", plugin.name) for job in plugin.fills if job in EXCLUSIVE
    )


def unknown_doers(
    spec: Spec, active: Sequence[Plugin[Any]], off: Mapping[str, Plugin[Any]]
) -> Iterator[Finding]:
    """Yield jobs that are given to something that does not do them."""
    given: list[tuple[Path, Jobs]] = [(("jobs",), spec.jobs)]
    given += [(("hosts", host.key, "jobs"), host.jobs) for host in spec.hosts.values()]
    for where, job, who in ((at, job, who) for at, jobs in given for job, who in jobs.items()):
        fit = sorted(p.name for p in (*active, *off.values()) if job in p.fills)
        known = [OTHER, *fit] if job in EXCLUSIVE else [OTHER]
        if who not in known or who in off:
            hint = f"set plugins: {{{who}: on}}" if who in off else "correct the name"
            facts = {"path": ".".join(map(str, (*where, job))), "found": who, "hint": hint}
            yield NOT_A_DOER.at(job, (*where, job), expected=" or ".join(known), **facts)


def doers_in(data: Mapping[str, Any]) -> Mapping[str, set[object]]:
    """Return what does the jobs that the spec gives to somebody on every host; wrong values are told later."""
    hosts = data.get("hosts")
    bodies = hosts.values() if isinstance(hosts, dict) else ()
    own = [_jobs(body) for body in bodies]
    return {
        job: {who, *(jobs[job] for jobs in own if job in jobs)} for job, who in _jobs(data).items()
    }


def _jobs(body: Any) -> Mapping[str, str]:
    jobs = body.get("jobs") if isinstance(body, dict) else None
    found = jobs.items() if isinstance(jobs, dict) else ()
    return {job: who for job, who in found if isinstance(who, str)}


def is_on(plugin: Plugin[Any], asked: object, doers: Mapping[str, set[object]]) -> bool:
    """Tell whether a plugin runs: it is not off, and on some host does the jobs that it is for."""
    return asked != "off" and all(
        plugin.name in doers.get(job, {plugin.name}) for job in plugin.fills if job in EXCLUSIVE
    )
