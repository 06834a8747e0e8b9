"""CPU per domain whose records are all as they should be; the first process of a lab's namespaces.

`python -m benchmarks.domains PEERS` with the Python of an environment that has checkdmarc.
"""

import sys

from benchmarks import server
from benchmarks.measure import CLIENTS, Command, compared, told

DOMAINS, FEW = 2_000, 20
"""The peer is given fewer: it needs tens of milliseconds for each."""


def main(peers: str) -> None:
    server.start(DOMAINS)

    def client(python: str, file: str, count: int) -> tuple[Command, Command, int]:
        command = (python, str(CLIENTS / file), server.ADDRESS, server.ZONE)
        return (*command, str(count)), (*command, "0"), count

    clients = {
        "mailconf": client(sys.executable, "ours_domains.py", DOMAINS),
        "checkdmarc": client(peers, "with_checkdmarc.py", FEW),
    }
    told("Whole domains", compared(clients, server.NETWORK, "domain", "mailconf"))


if __name__ == "__main__":
    main(*sys.argv[1:])
