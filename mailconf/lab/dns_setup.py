"""The DNS of a lab: all zones of both sides on one name server, a resolver on every machine."""

from __future__ import annotations

import time
from collections.abc import Mapping

from mailconf.lab import nameserver
from mailconf.lab.errors import BootError
from mailconf.lab.lab import NAME_SERVER, Lab
from mailconf.lab.machine import Machine
from mailconf.lab.zones import Tree, apex_of

POLL_SECONDS, SERVED_SECONDS = 0.05, 20.0
ROOT_SOA = ("dig", "+short", "+tries=1", f"@{nameserver.ADDRESS}", ".", "SOA")


def tree_of(lab: Lab) -> Tree:
    """Return what both sites publish now, and those whom they name."""
    tree = Tree((nameserver.ADDRESS, nameserver.ADDRESS_6), lab.signing)
    for site in lab.sites:
        for stem, text in site.zones.items():
            tree.add(apex_of(stem), text)
        tree.add_reverse(site.build.records)
        tree.add_others(site.build.records)
    return tree


def start(lab: Lab) -> None:
    """Start the name server, and a resolver that believes it on every other machine."""
    zones, anchor = tree_of(lab).signed()
    nameserver.furnish_nsd(lab.machines[NAME_SERVER].root, zones)
    lab.machines[NAME_SERVER].start(*nameserver.NSD)
    for name, machine in lab.machines.items():
        if name != NAME_SERVER:
            nameserver.furnish_unbound(machine.root, anchor)
            machine.start(*nameserver.UNBOUND)


def publish(lab: Lab, zones: Mapping[str, str]) -> None:
    """Serve zones as they are now; caches do not learn of it. Raises BootError when NSD does not."""
    machine = lab.machines[NAME_SERVER]
    nameserver.write_zones(machine.root, zones)
    _hang_up(machine, nameserver.NSD_PID)
    end = time.monotonic() + SERVED_SECONDS
    while f" {lab.signing.serial} " not in machine.run(*ROOT_SOA).output:
        if time.monotonic() > end:
            raise BootError(f"{NAME_SERVER} does not serve the zones: {lab.journal.explanation()}")
        time.sleep(POLL_SECONDS)


def forget(lab: Lab) -> None:
    """Empty the cache of every resolver, as if the TTL of all that they know were over."""
    for name, machine in lab.machines.items():
        if name != NAME_SERVER:
            _hang_up(machine, nameserver.UNBOUND_PID)


def _hang_up(machine: Machine, pid_file: str) -> None:
    machine.start("sh", "-c", f'kill -HUP "$(cat {pid_file})"')
