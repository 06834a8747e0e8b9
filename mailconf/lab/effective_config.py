"""Parse-back: what daemons say of their configuration is what we meant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab.machine import Machine
from mailconf.lab.site import Site
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.lab import EffectiveConfig

READ_OTHERWISE = Rule(
    code="LAB002",
    name="effective-config-differs",
    severity=Severity.ERROR,
    found_by="lab",
    message="{file}: {name} was rendered as {meant!r}, but the daemon uses {found!r}",
    fix="correct the template; if it is not customized, report a mailconf bug",
)


def parseback_jobs(site: Site, machines: dict[str, Machine]) -> Iterator[Job]:
    """Yield one job per host and file that a daemon can read back to us."""
    configs = [
        one for plugin in site.parsed.plugins.values() for one in plugin.lab.effective_configs
    ]
    for key, host in site.hosts.items():
        for config in configs:
            if config.file in host.files:
                read = partial(_reads_back, machines[key], config, host.files[config.file].text)
                yield Job("config.effective", f"{host.host.hostname} {config.file}", read)


async def _reads_back(
    machine: Machine, config: EffectiveConfig, text: str
) -> AsyncIterator[Finding]:
    for name, meant, found in config.differences(machine, text):
        yield READ_OTHERWISE.at(machine.name, file=config.file, name=name, meant=meant, found=found)
