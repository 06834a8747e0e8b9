"""CPU per domain whose records are all as they should be; the first process of a lab's namespaces.

`python -m benchmarks.domains PEERS` with the Python of an environment that has checkdmarc.
"""

import sys

from benchmarks import server
from benchmarks.measure import CLIENTS, Command, compared, told

DOMAINS, FEW = 2_000, 100
"""The peer is given fewer: it needs tens of milliseconds for each."""


def main(peers: str) -> None:
    server.start(DOMAINS)

    def peer(file: str) -> tuple[Command, Command, int]:
        command = (peers, str(CLIENTS / file), server.ADDRESS, server.ZONE)
        return (*command, str(FEW)), (*command, "0"), FEW

    ours = (sys.executable, str(CLIENTS / "ours_domains.py"), server.ADDRESS, server.ZONE)
    ours = (*ours, str(DOMAINS))
    clients = {
        "mailconf": (ours, (*ours, "declared only"), DOMAINS),
        "checkdmarc, SPF, DMARC, MX, MTA-STS, TLSRPT": peer("with_checkdmarc.py"),
        "checkdmarc, as its command does": peer("with_check_domains.py"),
    }
    told("Whole domains", compared(clients, server.NETWORK, "domain", "mailconf"))


if __name__ == "__main__":
    main(*sys.argv[1:])
