"""How the lab starts postsrsd."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport, port_in

CONFIG, DEFAULTS = "/etc/postsrsd.conf", "/etc/default/postsrsd"
LAUNCHER = "/usr/share/postsrsd/postsrsd-systemd-launcher"


def _start(machine: LabMachine) -> None:
    if machine.target.has("postsrsd", "2.0"):
        port = port_in(machine, CONFIG, r"inet:127.0.0.1:([0-9]+)")
        machine.spawn(port, "postsrsd", "-C", CONFIG)
    else:
        machine.spawn(port_in(machine, DEFAULTS, r"SRS_FORWARD_PORT=([0-9]+)"), "sh", LAUNCHER)


LAB = LabSupport(services=(LabService("postsrsd", _start),))
