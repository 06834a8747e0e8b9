"""CPU per DNS question, side by side; the first process of a lab's namespaces.

`python -m benchmarks.stub PEERS` with the Python of an environment that has the peers.
"""

import sys
from pathlib import Path

from benchmarks import server
from benchmarks.measure import CLIENTS, Command, compared, told

DOMAINS = 2_000
QUESTIONS, NONE = Path("/run/questions"), Path("/run/none")
DNSPERF = ("dnsperf", "-s", server.ADDRESS, "-q", "100", "-d")


def main(peers: str) -> None:
    server.start(DOMAINS)
    asked = [pair for number in range(DOMAINS) for pair in server.names(number)]
    QUESTIONS.write_text("".join(f"{name} {rtype}\n" for name, rtype in asked))
    NONE.write_text("")

    def client(*command: str) -> tuple[Command, Command, int]:
        return (*command, str(QUESTIONS)), (*command, str(NONE)), len(asked)

    clients = {
        "mailconf": client(sys.executable, str(CLIENTS / "ours.py"), server.ADDRESS),
        "dnspython asyncresolver": client(
            peers, str(CLIENTS / "with_dnspython.py"), server.ADDRESS
        ),
        "aiodns (c-ares)": client(peers, str(CLIENTS / "with_aiodns.py"), server.ADDRESS),
        "dnsperf (C)": ((*DNSPERF, str(QUESTIONS)), (), len(asked)),
    }
    told("DNS questions", compared(clients, server.NETWORK, "question", "mailconf"))


if __name__ == "__main__":
    main(*sys.argv[1:])
