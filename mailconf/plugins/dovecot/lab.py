"""How the lab starts Dovecot, and what doveconf(1) says of its file."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.dovecot import DovecotConf
from mailconf.model.lab import Difference, EffectiveConfig, LabMachine, LabService, LabSupport
from mailconf.plugins.dovecot.system import KERNEL

CONFIG = "/etc/dovecot/dovecot.conf"


def _start(machine: LabMachine) -> None:
    # Makes the queue directories, in one of which Dovecot puts its sockets.
    machine.start("postfix", "check")
    machine.start("dovecot")


def _kernel(_machine: LabMachine) -> None:
    """Leave the kernel alone: it is that of the machine which the lab runs on."""


def _dovecot_conf(machine: LabMachine, text: str) -> Iterator[Difference]:
    used = DovecotConf.parse(machine.run("doveconf", "-a", "-P", "-c", CONFIG).output)
    for path, meant, found in DovecotConf.parse(text).differences(used):
        yield " ".join(path), meant, found


LAB = LabSupport(
    services=(LabService(KERNEL, _kernel, "kernel"), LabService("dovecot", _start, "store")),
    effective_configs=(EffectiveConfig(CONFIG, _dovecot_conf),),
)
