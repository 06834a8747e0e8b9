"""How the lab starts OpenDKIM."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport


def _start(machine: LabMachine) -> None:
    machine.make_directory("/run/opendkim", "opendkim")
    machine.start("opendkim", "-x", "/etc/opendkim.conf")


LAB = LabSupport(services=(LabService("opendkim", _start),))
