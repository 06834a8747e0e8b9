"""How the lab starts Postfix, and what postconf(1) says of its files."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Daemon, MainCf, MasterCf
from mailconf.model.lab import Difference, EffectiveConfig, LabMachine, LabService, LabSupport

ABSENT = "nothing"


def _start(machine: LabMachine) -> None:
    # What the service unit does before it starts Postfix: fills the chroot (resolv.conf, hosts).
    # From 3.10 on `postfix start` does it itself.
    if not machine.target.has("postfix", "3.10"):
        machine.start("/usr/lib/postfix/configure-instance.sh", "-")
    machine.start("postfix", "start")


def _main_cf(machine: LabMachine, text: str) -> Iterator[Difference]:
    meant = MainCf.parse(text).values
    found = MainCf.parse(machine.run("postconf").output).values
    for name, value in meant.items():
        # postconf joins continued lines and leaves the rest as it is.
        if " ".join(found.get(name, ABSENT).split()) != " ".join(value.split()):
            yield name, value, found.get(name, ABSENT)


def _master_cf(machine: LabMachine, text: str) -> Iterator[Difference]:
    used = MasterCf.parse(machine.run("postconf", "-Mf").output).daemons
    found = {(daemon.name, daemon.type): daemon for daemon in used}
    for daemon in MasterCf.parse(text).daemons:
        meant, seen = _shown(daemon), _shown(found.get((daemon.name, daemon.type)))
        if seen != meant:
            yield f"{daemon.name}/{daemon.type}", meant, seen


def _shown(daemon: Daemon | None) -> str:
    if daemon is None:
        return ABSENT
    settings = {setting.name: setting.value for setting in daemon.settings}
    return str((daemon.command, settings))


LAB = LabSupport(
    services=(LabService("postfix", _start, "mta"),),
    effective_configs=(
        EffectiveConfig("/etc/postfix/main.cf", _main_cf),
        EffectiveConfig("/etc/postfix/master.cf", _master_cf),
    ),
)
