"""The checks that plugins bring to the lab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mailconf.engine.containment import contained, items
from mailconf.engine.run import Job, broken
from mailconf.lab.lab import Lab
from mailconf.lab.machine import Machine
from mailconf.lab.roundtrip import CLIENT, PLUGIN_CHECKS
from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.lab import LabCheck
from mailconf.model.plugin import Plugin


@dataclass(frozen=True, slots=True)
class Scene:
    """A booted lab as the checks of plugins see it."""

    lab: Lab

    @property
    def client(self) -> Machine:
        """The client's machine."""
        return self.lab.machines[CLIENT]

    @property
    def addresses(self) -> Mapping[int, str]:
        """The client's addresses for these checks, by IP version."""
        return PLUGIN_CHECKS

    def machine(self, host: Host) -> Machine:
        """Return a host's machine."""
        return self.lab.machines[host.key]

    def password(self, address: str) -> str:
        """Return the password that the lab gave to a mailbox."""
        return self.lab.ours.passwords[address]


def plugin_jobs(lab: Lab) -> Iterator[Job]:
    """Yield a job for each subject of each check of a plugin that is switched on."""
    for plugin in lab.ours.parsed.plugins.values():
        for check in plugin.lab.checks:
            yield from _jobs(lab, plugin, check)


def _jobs(lab: Lab, plugin: Plugin[Any], check: LabCheck) -> Iterator[Job]:
    build, scene, bugs = lab.ours.build, Scene(lab), list[Finding]()
    view = build.views[plugin.name]

    def named() -> Iterator[tuple[Any, str]]:
        return ((subject, str(subject)) for subject in items(check.subjects(view)))

    part = f"lab check {check.id}, subjects"
    for subject, text in contained(plugin, part, tuple, [named], bugs):
        run = partial(check.run, view, subject, scene)
        yield Job(check.id, text, run, places=build.places, plugin=plugin.name)
    for bug in bugs:
        yield broken(plugin.name, check.id, "subjects", bug, build.places)
