"""How the lab starts nginx."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport


def _start(machine: LabMachine) -> None:
    machine.start("nginx")


LAB = LabSupport(services=(LabService("nginx", _start, "web"),))
