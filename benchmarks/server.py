"""NSD with synthetic mail domains, in a network namespace of its own."""

import base64
import hashlib
import subprocess
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from mailconf.lab.boot import make_machine
from mailconf.lab.log import LabLog
from mailconf.lab.network import make_switch
from mailconf.lab.rootfs import install, mount_base
from mailconf.lab.site import LabFile
from mailconf.model.target import RELEASES

RELEASE, ZONE, ADDRESS = "debian-13", "bench.example.", "198.18.0.53"
"""The server has the root's zone and is the system's resolver: peers ask for more than we do."""
NETWORK = "dns"
"""Clients live on the same machine as the server: what is measured is them, not a bridge."""
RESOLVERS = Path("/run/resolv.conf")
CONFIGURATION = f"""
server:
  username: nsd
  database: ""
  server-count: 1
  ip-address: {ADDRESS}
remote-control:
  control-enable: no
zone:
  name: .
  zonefile: /etc/nsd/bench.zone
"""
SRV = ("_submissions", "_submission", "_imaps", "_imap", "_pop3s")


def names(number: int) -> Iterator[tuple[str, str]]:
    """Yield the thirteen questions about a domain: what a spec of one host declares."""
    domain = f"d{number}.{ZONE}"
    yield domain, "MX"
    yield domain, "TXT"
    for label in ("s1._domainkey", "s2._domainkey", "_dmarc", "_mta-sts", "_smtp._tls"):
        yield f"{label}.{domain}", "TXT"
    for label in SRV:
        yield f"{label}._tcp.{domain}", "SRV"
    yield f"_25._tcp.mail.{domain}", "TLSA"


def records(number: int) -> Iterator[str]:
    domain = f"d{number}.{ZONE}"
    key = base64.b64encode(hashlib.sha512(domain.encode()).digest() * 4 + bytes(38)).decode()
    halves = f'"v=DKIM1; k=rsa; p={key[:200]}" "{key[200:]}"'
    yield f"{domain} A 192.0.2.80"
    yield f"{domain} MX 10 mail.{domain}"
    yield f"mail.{domain} A 192.0.2.25"
    yield f'{domain} TXT "v=spf1 ip4:192.0.2.25 ~all"'
    yield f"s1._domainkey.{domain} TXT {halves}"
    yield f"s2._domainkey.{domain} TXT {halves}"
    yield f'_dmarc.{domain} TXT "v=DMARC1; p=reject"'
    yield f'_mta-sts.{domain} TXT "v=STSv1; id=20261127"'
    yield f'_smtp._tls.{domain} TXT "v=TLSRPTv1; rua=mailto:tls@{domain[:-1]}"'
    for label in SRV:
        yield f"{label}._tcp.{domain} SRV 0 1 465 mail.{domain}"
    yield f"_25._tcp.mail.{domain} TLSA 3 1 1 {hashlib.sha256(domain.encode()).hexdigest()}"


def start(domains: int) -> None:
    """Serve so many domains; call as the first process of a lab's namespaces."""
    mount_base()
    make_switch()
    journal = LabLog()
    address = ip_address(ADDRESS)
    machine = make_machine(journal, RELEASES[RELEASE], NETWORK, "ns.bench.example", [address])
    journal.start()
    head = f"$ORIGIN .\n$TTL 3600\n@ SOA ns.{ZONE} h.{ZONE} 1 3600 600 86400 60\n@ NS ns.{ZONE}\n"
    lines = [line for number in range(domains) for line in records(number)]
    text = head + f"ns.{ZONE} A {ADDRESS}\n" + "\n".join(lines) + "\n"
    install(machine.root, "/etc/nsd/bench.zone", LabFile(text))
    install(machine.root, "/etc/nsd/nsd.conf", LabFile(CONFIGURATION))
    machine.start("install", "-d", "-o", "nsd", "-g", "nsd", "/run/nsd")
    machine.start("nsd", "-c", "/etc/nsd/nsd.conf")
    RESOLVERS.write_text(f"nameserver {ADDRESS}\n")
    subprocess.run(["mount", "--bind", RESOLVERS, "/etc/resolv.conf"], check=True)
