"""How the lab loads the ruleset."""

from __future__ import annotations

from mailconf.model.lab import LabMachine, LabService, LabSupport


def _load(machine: LabMachine) -> None:
    machine.start("nft", "-f", "/etc/nftables.conf")


LAB = LabSupport(services=(LabService("nftables", _load, "kernel"),))
