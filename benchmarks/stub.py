"""CPU per DNS question, side by side; the first process of a lab's namespaces.

`python -m benchmarks.stub PEERS` with the Python of an environment that has the peers.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks import server
from mailconf.lab.network import NETNS

DOMAINS, ROUNDS = 2_000, 3
CLIENTS = Path(__file__).parent / "clients"
QUESTIONS, NONE = Path("/run/questions"), Path("/run/none")
DNSPERF = ("dnsperf", "-s", server.ADDRESS, "-q", "100", "-d")


def measured(command: tuple[str, ...], file: Path) -> float:
    """Return the CPU seconds, user and system, of a command on the server's network."""
    inside = ["nsenter", f"--net={NETNS / server.NETWORK}", *command, str(file)]
    before = os.times()
    subprocess.run(inside, capture_output=True, check=True)
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def main(peers: str) -> None:
    server.start(DOMAINS)
    asked = [pair for number in range(DOMAINS) for pair in server.names(number)]
    QUESTIONS.write_text("".join(f"{name} {rtype}\n" for name, rtype in asked))
    NONE.write_text("")
    clients = {
        "mailconf": (sys.executable, str(CLIENTS / "ours.py"), server.ADDRESS),
        "dnspython asyncresolver": (peers, str(CLIENTS / "with_dnspython.py"), server.ADDRESS),
        "aiodns (c-ares)": (peers, str(CLIENTS / "with_aiodns.py"), server.ADDRESS),
        "dnsperf (C)": DNSPERF,
    }
    idle = {
        name: 0.0 if command is DNSPERF else measured(command, NONE)
        for name, command in clients.items()
    }
    spent: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(ROUNDS):
        for name, command in clients.items():
            seconds = measured(command, QUESTIONS) - idle[name]
            spent[name].append(seconds / len(asked) * 1e6)
    ours = statistics.median(spent["mailconf"])
    sys.stdout.write("| client | µs CPU per question (median of 3) | of ours |\n|---|---|---|\n")
    for name, values in spent.items():
        one = statistics.median(values)
        sys.stdout.write(f"| {name} | {one:.1f} | {one / ours:.2f} |\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
