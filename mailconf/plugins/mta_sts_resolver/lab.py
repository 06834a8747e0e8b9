"""How the lab starts postfix-mta-sts-resolver."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport, port_in

CONFIG = "/etc/mta-sts-daemon.yml"
# Releases before 1.5 look for files in the home directory of whoever started them.
HOME = "HOME=/var/lib/mta-sts"
AS_USER = ("setpriv", "--reuid=_mta-sts", "--regid=_mta-sts", "--init-groups", "env", HOME)


def _start(machine: LabMachine) -> None:
    port = port_in(machine, CONFIG, r"port: ([0-9]+)")
    machine.spawn(port, *AS_USER, "mta-sts-daemon", "--config", CONFIG)


LAB = LabSupport(services=(LabService("postfix-mta-sts-resolver", _start),))
