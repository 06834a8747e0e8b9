"""How the lab starts the originators milter."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport, port_in

CONFIG = "/etc/mailconf/originators.json"
AS_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "env")
LIBRARY = "PYTHONPATH=/usr/local/lib/mailconf"


def _start(machine: LabMachine) -> None:
    port = port_in(machine, CONFIG, r'"port": ([0-9]+)')
    machine.spawn(port, *AS_NOBODY, LIBRARY, "python3", "-s", "-m", "originators", CONFIG)


LAB = LabSupport(services=(LabService("mailconf-originators", _start),))
