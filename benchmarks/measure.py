"""CPU seconds of clients that run one after the other, in the network of a server."""

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from mailconf.lab.network import NETNS

ROUNDS = 3
CLIENTS = Path(__file__).parent / "clients"
Command = tuple[str, ...]


def measured(command: Command, network: str) -> float:
    """Return the CPU seconds, user and system, of a command; it must succeed."""
    inside = ["nsenter", f"--net={NETNS / network}", *command]
    before = os.times()
    subprocess.run(inside, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def compared(
    clients: Mapping[str, tuple[Command, Command, int]], network: str, unit: str, ours: str
) -> str:
    """Return a table: µs CPU for each of so many things, and how often ours that is.

    A client is the command that does the work, the one that only starts, and how many things are done.
    """
    idle = {
        name: measured(start, network) if start else 0.0 for name, (_, start, _) in clients.items()
    }
    spent: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(ROUNDS):
        for name, (work, _, count) in clients.items():
            spent[name].append((measured(work, network) - idle[name]) / count * 1e6)
    medians = {name: statistics.median(values) for name, values in spent.items()}
    rows = [f"| {name} | {one:,.1f} | {one / medians[ours]:.2f} |" for name, one in medians.items()]
    head = [f"| client | µs CPU per {unit} (median of {ROUNDS}) | of ours |", "|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def told(title: str, table: str) -> None:
    sys.stdout.write(f"\n{title}\n\n{table}")
    sys.stdout.flush()
