"""A hundred thousand domains in one run: CPU and memory; the first process of a lab's namespaces."""

import os
import subprocess
import sys

from benchmarks import server
from benchmarks.measure import CLIENTS, told
from mailconf.lab.network import NETNS

DOMAINS = 100_000


def spent(*words: str) -> tuple[float, str]:
    """Return the CPU seconds of our client, and what it says."""
    command = (sys.executable, str(CLIENTS / "ours_domains.py"), server.ADDRESS, server.ZONE)
    inside = ["nsenter", f"--net={NETNS / server.NETWORK}", *command, str(DOMAINS), *words]
    before = os.times()
    done = subprocess.run(inside, stdout=subprocess.PIPE, text=True, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system
    return cpu - before.children_user - before.children_system, done.stdout.strip()


def main() -> None:
    server.start(DOMAINS)
    (all_in_all, peak), (declaring, _) = spent(), spent("declared only")
    rows = [
        "| | |",
        "|---|---|",
        f"| CPU | {all_in_all - declaring:.1f} s |",
        f"| memory at most | {peak} MB |",
    ]
    told(f"{DOMAINS:,} domains", "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
