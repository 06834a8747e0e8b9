"""How the lab starts rspamd."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport, port_in

PROXY = "/etc/rspamd/local.d/worker-proxy.inc"
AS_USER = ("setpriv", "--reuid=_rspamd", "--regid=_rspamd", "--init-groups")


def _start(machine: LabMachine) -> None:
    """Start it as its unit does: as its own user, in the background, which it does not do itself."""
    machine.make_directory("/run/rspamd", "_rspamd")
    port = port_in(machine, PROXY, r'bind_socket = "127.0.0.1:([0-9]+)"')
    machine.spawn(port, *AS_USER, "rspamd", "-c", "/etc/rspamd/rspamd.conf", "-f")


LAB = LabSupport(services=(LabService("rspamd", _start),))
