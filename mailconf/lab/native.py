"""The daemons' own checkers, on every rendered file, with their warnings taken seriously."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab.machine import Done, Machine
from mailconf.lab.rootfs import install
from mailconf.lab.site import LabFile, Site
from mailconf.lab.zones import HEAD, LAB_ZONE, NAME_SERVER, apex_of
from mailconf.model.finding import Finding, Rule, Severity

REJECTED = Rule(
    code="LAB001",
    name="native-checker-complains",
    severity=Severity.ERROR,
    message="{command} says: {said}",
    fix="correct what the message names; a stock template needs a bug report to mailconf",
)
Judge = Callable[[Done], str]


def _by_status(done: Done) -> str:
    return (done.output or f"status {done.status}") if done.status else ""


def _by_warning(done: Done) -> str:
    """postconf exits with 0 whatever it finds; what it finds are its warnings."""
    lines = [line for line in done.output.splitlines() if line.startswith("postconf: ")]
    return "; ".join(lines) or _by_status(done)


# named-checkzone is strict only when told so; by default it lets MX and SRV point anywhere.
ZONE_CHECK = [
    "named-checkzone",
    "-q",
    "-i",
    "full",
    "-m",
    "fail",
    "-M",
    "fail",
    "-S",
    "fail",
    "-n",
    "fail",
    "-r",
    "fail",
]
CHECKS: dict[str, tuple[tuple[tuple[str, ...], Judge], ...]] = {
    "postfix": (
        (("postconf", "-n"), _by_warning),
        (("postconf", "-M"), _by_warning),
        (("postconf", "-P"), _by_warning),
    ),
    "dovecot": ((("doveconf", "-n"), _by_status),),
    "opendkim": ((("opendkim", "-n", "-x", "/etc/opendkim.conf"), _by_status),),
    "opendmarc": ((("opendmarc", "-n", "-c", "/etc/opendmarc.conf"), _by_status),),
    "nginx": ((("nginx", "-t", "-q"), _by_status),),
}


def native_jobs(site: Site, machines: dict[str, Machine]) -> Iterator[Job]:
    """Yield one job per checker, host and zone."""
    for key, host in site.hosts.items():
        for service in host.services:
            for command, judge in CHECKS.get(service, ()):
                run = partial(_complaints, machines[key], command, judge)
                yield Job(f"native.{service}", f"{host.host.hostname} {' '.join(command)}", run)
    machine = next(iter(machines.values()))
    for stem, text in site.zones.items():
        yield Job("native.zone", stem, partial(_zone_complaints, machine, stem, text))


async def _complaints(
    machine: Machine, command: tuple[str, ...], judge: Judge
) -> AsyncIterator[Finding]:
    said = judge(machine.run(*command))
    if said:
        yield REJECTED.at(machine.name, command=" ".join(command), said=said)


async def _zone_complaints(machine: Machine, stem: str, text: str) -> AsyncIterator[Finding]:
    """Check a zone file as its user would: included below a SOA and NS of their own."""
    apex = apex_of(stem)
    install(machine.root, f"/tmp/{stem}.zone", LabFile(text))  # noqa: S108, a tmpfs of the lab
    head = HEAD.format(apex=apex, server=NAME_SERVER, lab=LAB_ZONE)
    install(machine.root, f"/tmp/{stem}.check", LabFile(f"{head}$INCLUDE /tmp/{stem}.zone\n"))  # noqa: S108
    command = (*ZONE_CHECK, apex, f"/tmp/{stem}.check")  # noqa: S108
    done = machine.run(*command)
    if done.status:
        loud = machine.run(*(word for word in command if word != "-q"))
        yield REJECTED.at(stem, command=" ".join(command), said=loud.output)
