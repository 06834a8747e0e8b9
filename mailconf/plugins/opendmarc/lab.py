"""How the lab starts OpenDMARC."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport


def _start(machine: LabMachine) -> None:
    machine.make_directory("/run/opendmarc", "opendmarc")
    machine.start("opendmarc", "-c", "/etc/opendmarc.conf")


LAB = LabSupport(services=(LabService("opendmarc", _start),))
