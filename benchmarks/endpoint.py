"""CPU per mail endpoint: connect, EHLO, STARTTLS, certificate, EHLO; beside a bare TLS handshake.

The first process of a lab's namespaces. `python -m benchmarks.endpoint SSLYZE` with the Python of an
environment that has sslyze.
"""

import subprocess
import sys
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from benchmarks.measure import CLIENTS, Command, compared, told
from mailconf.lab.lab_ca import Authority
from mailconf.lab.network import NETNS, make_switch, plug_in
from mailconf.lab.rootfs import mount_base

NETWORK, HOST, ADDRESS = "smtp", "mail.bench.example", "198.18.0.25"
MANY, FEW = 1_000, 20
FILES = Path("/run/bench-tls")


def served() -> subprocess.Popen[str]:
    """Start a server of SMTP on port 25 and of TLS alone on 465, and wait until it listens."""
    mount_base()
    make_switch()
    subprocess.run(["ip", "netns", "add", NETWORK], check=True)
    plug_in(NETWORK, [ip_address(ADDRESS)])
    authority = Authority(datetime.now(UTC))
    issued = authority.issue([HOST])
    FILES.mkdir()
    (FILES / "ca.pem").write_text(authority.certificate())
    (FILES / "both.pem").write_text(issued.certificate + issued.private_key)
    command = (
        sys.executable,
        str(CLIENTS / "smtp_server.py"),
        ADDRESS,
        HOST,
        str(FILES / "both.pem"),
    )
    inside = ["nsenter", f"--net={NETNS / NETWORK}", *command]
    # What it says of clients that hang up or find no cipher is of no interest.
    running = subprocess.Popen(inside, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert running.stdout
    running.stdout.readline()
    return running


def main(peers: str) -> None:
    running = served()

    def client(python: str, file: str, count: int) -> tuple[Command, Command, int]:
        command = (python, str(CLIENTS / file), ADDRESS, HOST, str(FILES / "ca.pem"))
        return (*command, str(count)), (*command, "0"), count

    clients = {
        "bare TLS handshake (ssl)": client(sys.executable, "bare_handshake.py", MANY),
        "bare TLS handshake (asyncio)": client(sys.executable, "async_handshake.py", MANY),
        "mailconf, up to the second EHLO": client(sys.executable, "ours_greeting.py", MANY),
        "mailconf": client(sys.executable, "ours_endpoint.py", MANY),
        "sslyze, certificate only": client(peers, "with_sslyze.py", FEW),
    }
    try:
        told("Endpoints", compared(clients, NETWORK, "endpoint", "mailconf"))
    finally:
        running.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
