"""Parse-back: what Postfix and Dovecot say of their configuration is what we meant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

from mailconf.engine.run import Job
from mailconf.formats.dovecot import DovecotConf
from mailconf.formats.postfix import MainCf, MasterCf
from mailconf.lab.machine import Machine
from mailconf.lab.site import Site
from mailconf.model.finding import Finding, Rule, Severity

READ_OTHERWISE = Rule(
    code="LAB002",
    name="effective-config-differs",
    severity=Severity.ERROR,
    found_by="lab",
    message="{file}: {name} was rendered as {meant!r}, but the daemon uses {found!r}",
    fix="correct the template; if it is not customized, report a mailconf bug",
)
Difference = tuple[str, str, str]
Reader = Callable[[Machine, str], Iterator[Difference]]


def _main_cf(machine: Machine, text: str) -> Iterator[Difference]:
    meant = MainCf.parse(text).values
    found = MainCf.parse(machine.run("postconf").output).values
    for name, value in meant.items():
        # postconf joins continued lines and leaves the rest as it is.
        if " ".join(found.get(name, "nothing").split()) != " ".join(value.split()):
            yield name, value, found.get(name, "nothing")


def _master_cf(machine: Machine, text: str) -> Iterator[Difference]:
    meant = MasterCf.parse(text).daemons
    found = {
        (d.name, d.type): d for d in MasterCf.parse(machine.run("postconf", "-Mf").output).daemons
    }
    for daemon in meant:
        seen = found.get((daemon.name, daemon.type))
        wanted = (daemon.command, {s.name: s.value for s in daemon.settings})
        got = (seen.command, {s.name: s.value for s in seen.settings}) if seen else ("nothing", {})
        if got != wanted:
            yield f"{daemon.name}/{daemon.type}", str(wanted), str(got)


def _dovecot_conf(machine: Machine, text: str) -> Iterator[Difference]:
    told = machine.run("doveconf", "-a", "-P", "-c", "/etc/dovecot/dovecot.conf").output
    for path, meant, found in DovecotConf.parse(text).differences(DovecotConf.parse(told)):
        yield " ".join(path), meant, found


READERS: dict[str, Reader] = {
    "/etc/postfix/main.cf": _main_cf,
    "/etc/postfix/master.cf": _master_cf,
    "/etc/dovecot/dovecot.conf": _dovecot_conf,
}


def parseback_jobs(site: Site, machines: dict[str, Machine]) -> Iterator[Job]:
    """Yield one job per host and file that a daemon can read back to us."""
    for key, host in site.hosts.items():
        for file, reader in READERS.items():
            if file in host.files:
                read = partial(_reads_back, machines[key], file, host.files[file].text, reader)
                yield Job("native.parse-back", f"{host.host.hostname} {file}", read)


async def _reads_back(
    machine: Machine, file: str, text: str, reader: Reader
) -> AsyncIterator[Finding]:
    for name, meant, found in reader(machine, text):
        yield READ_OTHERWISE.at(machine.name, file=file, name=name, meant=meant, found=found)
