"""NSD for the whole tree on one machine, a validating unbound on every machine."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path as File

from mailconf.lab import below
from mailconf.lab.rootfs import install, owner_ids
from mailconf.lab.site import LabFile
from mailconf.model.endpoint import Address

ADDRESS, ADDRESS_6 = "198.18.0.53", "2001:2::53"
# The root servers (IANA, 2026-10): OpenDKIM's resolver knows no other way into the DNS.
ROOT_SERVERS = [
    "198.41.0.4",
    "170.247.170.2",
    "192.33.4.12",
    "199.7.91.13",
    "192.203.230.10",
    "192.5.5.241",
    "192.112.36.4",
    "198.97.190.53",
    "192.36.148.17",
    "192.58.128.30",
    "193.0.14.129",
    "199.7.83.42",
    "202.12.27.33",
    "199.9.14.201",
    "2001:503:ba3e::2:30",
    "2801:1b8:10::b",
    "2001:500:2::c",
    "2001:500:2d::d",
    "2001:500:a8::e",
    "2001:500:2f::f",
    "2001:500:12::d0d",
    "2001:500:1::53",
    "2001:7fe::53",
    "2001:503:c27::2:30",
    "2001:7fd::1",
    "2001:500:9f::42",
    "2001:dc3::35",
    "2001:500:200::b",
]
ANCHOR = "/var/lib/unbound/lab.key"
# unbound answers these itself, with nothing, unless told not to (RFC 6303).
BUILT_IN = (
    "test.",
    "invalid.",
    "2.0.192.in-addr.arpa.",
    "100.51.198.in-addr.arpa.",
    "113.0.203.in-addr.arpa.",
    "8.b.d.0.1.0.0.2.ip6.arpa.",
)


def addresses() -> tuple[Address, ...]:
    """Return every address that the name server answers on."""
    return tuple(ip_address(text) for text in (ADDRESS, ADDRESS_6, *ROOT_SERVERS))


def furnish_nsd(root: File, zones: Mapping[str, str]) -> None:
    """Write nsd.conf and the zones."""
    lines = [
        "server:",
        "  username: nsd",
        '  database: ""',
        "  server-count: 1",
        "  zonesdir: /etc/nsd",
    ]
    lines += [f"  ip-address: {address}" for address in addresses()]
    lines += ["remote-control:", "  control-enable: no"]
    for apex in sorted(zones):
        lines += ["zone:", f'  name: "{apex}"', f"  zonefile: {_zone_file(apex)}"]
    install(root, "/etc/nsd/nsd.conf", LabFile("\n".join(lines) + "\n"))
    write_zones(root, zones)
    below.make_directory(root, "/run/nsd", owner_ids(root, "nsd", "nsd"), 0o755)


def write_zones(root: File, zones: Mapping[str, str]) -> None:
    """Write the files of zones, by apex."""
    for apex, text in zones.items():
        install(root, _zone_file(apex), LabFile(text))


def _zone_file(apex: str) -> str:
    return f"/etc/nsd/{apex}zone"


def furnish_unbound(root: File, anchor: str) -> None:
    """Write unbound.conf with the lab's root as the only anchor and the only hint."""
    lines = [
        "server:",
        "  interface: 127.0.0.1",
        '  chroot: ""',
        "  username: unbound",
        "  pidfile: /run/unbound.pid",
        "  use-syslog: yes",
        '  module-config: "validator iterator"',
        f"  trust-anchor-file: {ANCHOR}",
        "  root-hints: /var/lib/unbound/lab.hints",
        "  qname-minimisation: no",
        *(f"  local-zone: {zone} nodefault" for zone in BUILT_IN),
        "remote-control:",
        "  control-enable: no",
    ]
    install(root, "/etc/unbound/unbound.conf", LabFile("\n".join(lines) + "\n"))
    install(root, ANCHOR, LabFile(anchor))
    owner = "a.root.example. 3600000 IN"
    hints = f". 3600000 IN NS a.root.example.\n{owner} A {ADDRESS}\n{owner} AAAA {ADDRESS_6}\n"
    install(root, "/var/lib/unbound/lab.hints", LabFile(hints))
    # What OpenDKIM believes in, at the path that the rendered opendkim.conf names.
    install(root, "/usr/share/dns/root.key", LabFile(anchor))


NSD_PID, UNBOUND_PID = "/run/nsd/nsd.pid", "/run/unbound.pid"
NSD = ("nsd", "-c", "/etc/nsd/nsd.conf")
UNBOUND = ("unbound", "-c", "/etc/unbound/unbound.conf")
