"""Starting the services of a host in order, as the plugins that render them say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from mailconf.engine.containment import described
from mailconf.lab.errors import BootError, LabUnavailableError
from mailconf.lab.machine import Machine
from mailconf.model.lab import BootStage, LabService
from mailconf.model.plugin import Plugin

STAGES = get_args(BootStage)


def services_of(plugins: Iterable[Plugin[Any]]) -> dict[str, LabService]:
    """Return every service that plugins can start, by its unit, in the order to start them."""
    found = [service for plugin in plugins for service in plugin.lab.services]
    return {one.unit: one for one in sorted(found, key=lambda one: STAGES.index(one.stage))}


def start_services(machine: Machine, units: Iterable[str], known: dict[str, LabService]) -> None:
    """Start the services of a machine in order; raises BootError."""
    # There is no systemd in a lab: nobody renews a certificate while it runs.
    wanted = {unit for unit in units if not unit.endswith(".path")}
    unknown = wanted - set(known)
    if unknown:
        raise BootError(f"no plugin has a LabService for {', '.join(sorted(unknown))}")
    for unit, service in known.items():
        if unit in wanted:
            _start(machine, service)


def _start(machine: Machine, service: LabService) -> None:
    try:
        service.start(machine)
    except (BootError, LabUnavailableError):
        raise
    except Exception as bug:
        said = f"{machine.name}: the plugin's start of {service.unit} raised {described(bug)}"
        raise BootError(said) from bug
