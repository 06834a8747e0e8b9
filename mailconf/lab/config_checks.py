"""The daemons' own checkers, on every rendered file, with their warnings taken seriously."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab.machine import Machine
from mailconf.lab.rootfs import install
from mailconf.lab.site import LabFile, Site
from mailconf.lab.zones import HEAD, LAB_ZONE, NAME_SERVER, apex_of
from mailconf.model.artifact import Checker
from mailconf.model.finding import Finding, Rule, Severity

REJECTED = Rule(
    code="LAB001",
    name="config-check-failed",
    severity=Severity.ERROR,
    found_by="lab",
    message="{command} reports: {said}",
    fix="correct the reported setting; if the template is not customized, report a mailconf bug",
)
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


def native_jobs(site: Site, machines: dict[str, Machine]) -> Iterator[Job]:
    """Yield one job per checker, host and zone."""
    for key, host in site.hosts.items():
        for service, checker in host.checkers:
            run = partial(_complaints, machines[key], checker)
            subject = f"{host.host.hostname} {' '.join(checker.command)}"
            yield Job(f"config.{service}", subject, run)
    machine = next(iter(machines.values()))
    for stem, text in site.zones.items():
        yield Job("config.zone", stem, partial(_zone_complaints, machine, stem, text))


async def _complaints(machine: Machine, checker: Checker) -> AsyncIterator[Finding]:
    """Run a checker; some exit with 0 whatever they find, so every word of complaint counts."""
    done = machine.run(*checker.command)
    failed = done.status and (done.errors or done.output or f"status {done.status}")
    said = failed or ("" if checker.chatty else done.errors)
    if said:
        yield REJECTED.at(machine.name, command=" ".join(checker.command), said=said)


async def _zone_complaints(machine: Machine, stem: str, text: str) -> AsyncIterator[Finding]:
    """Check a zone file as its user would: included below a SOA and NS of their own."""
    apex = apex_of(stem)
    install(machine.root, f"/tmp/{stem}.zone", LabFile(text))  # noqa: S108, a tmpfs of the lab
    head = HEAD.format(apex=apex, server=NAME_SERVER, lab=LAB_ZONE, serial=1)
    install(machine.root, f"/tmp/{stem}.check", LabFile(f"{head}$INCLUDE /tmp/{stem}.zone\n"))  # noqa: S108
    command = (*ZONE_CHECK, apex, f"/tmp/{stem}.check")  # noqa: S108
    done = machine.run(*command)
    if done.status:
        loud = machine.run(*(word for word in command if word != "-q"))
        yield REJECTED.at(stem, command=" ".join(command), said=loud.output)
