"""How the lab starts policyd-rate-limit."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport, port_in

CONFIG = "/etc/policyd-rate-limit.yaml"


def _start(machine: LabMachine) -> None:
    machine.make_directory("/run/policyd-rate-limit", "policyd-rate-limit")
    port = port_in(machine, CONFIG, r'SOCKET: ."127.0.0.1", ([0-9]+)')
    machine.spawn(port, "policyd-rate-limit")


LAB = LabSupport(services=(LabService("policyd-rate-limit", _start),))
