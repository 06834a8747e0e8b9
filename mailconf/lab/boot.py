"""Booting a lab: network, roots, name service, daemons, until every port answers."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path as File

from mailconf.engine.load import Loaded
from mailconf.engine.render import Renderer
from mailconf.lab import dns_setup, nameserver, peer
from mailconf.lab.confine import start_machine
from mailconf.lab.errors import BootError
from mailconf.lab.image import image, release_of
from mailconf.lab.lab import NAME_SERVER, Lab
from mailconf.lab.lab_ca import Authority
from mailconf.lab.log import LabLog
from mailconf.lab.machine import Machine
from mailconf.lab.network import make_switch, name_network, on_network_of, plug_in
from mailconf.lab.rootfs import BASE, furnish, furnish_common, mount_base, mount_root
from mailconf.lab.roundtrip import CLIENT, CROWDED, GUESSING, PLUGIN_CHECKS
from mailconf.lab.services import services_of, start_services
from mailconf.lab.site import LabHost, Site, make_site
from mailconf.model.endpoint import Address, EndpointAddress, Security
from mailconf.model.lab import LabService
from mailconf.model.target import Target

READY_SECONDS = 20.0
POLL_SECONDS = 0.05
GREETING_SECONDS = 2.0
# The kernel sends from the first IPv4 and from the last IPv6 address.
CLIENT_ADDRESSES = (
    "198.18.0.100",
    *CROWDED.values(),
    *GUESSING.values(),
    *PLUGIN_CHECKS.values(),
    "2001:2::100",
)
INFRASTRUCTURE = {
    NAME_SERVER: ("ns.mailconf-lab.example", nameserver.addresses()),
    CLIENT: ("client.mailconf-lab.example", tuple(map(ip_address, CLIENT_ADDRESSES))),
}
Progress = Callable[[str], None]
Tamper = Callable[[Site], None]


def leave_as_rendered(_site: Site) -> None:
    """Change nothing: what boots is what was rendered."""


def boot(
    loaded: Loaded,
    renderer: Renderer,
    progress: Progress,
    journal: LabLog,
    tamper: Tamper = leave_as_rendered,
) -> Lab:
    """Boot a spec; raises UnusableSpecError, LabUnavailableError or BootError.

    Runs as PID 1 of its namespaces. `tamper` may break things in the site before they are
    installed, to see whether somebody notices.
    """
    mount_base()
    vault = BASE / "vault"
    vault.mkdir(mode=0o700)
    authority = Authority(datetime.now(UTC))
    ours = make_site(loaded, vault, authority, renderer)
    first = release_of(next(iter(ours.build.spec.hosts.values())).target)
    theirs = make_site(peer.peer(first), vault, authority, renderer)
    tamper(ours)
    _check_images(ours)
    certificate = BASE / "authority.pem"
    certificate.write_text(authority.certificate(), encoding="ascii")
    lab = Lab(ours, theirs, authority, certificate, journal)
    progress("setting up network")
    _make_machines(lab, certificate.read_text(encoding="ascii"))
    progress("starting DNS")
    dns_setup.start(lab)
    progress("starting daemons")
    _start_hosts(lab)
    progress("waiting for ports")
    _wait_for_ports(lab)
    return lab


def _check_images(site: Site) -> None:
    """Raise BootError when a host needs a package that its image does not have."""
    for machine in site.hosts.values():
        target = machine.host.target
        kept = image(release_of(target), machine.packages)
        missing = sorted(set(machine.packages) - set(kept.installed()))
        if missing:
            raise BootError(f"the image of {target} lacks {', '.join(missing)}")


def _make_machines(lab: Lab, authority: str) -> None:
    make_switch()
    first = next(iter(lab.ours.hosts.values())).host.target
    for name, (hostname, addresses) in INFRASTRUCTURE.items():
        root = _add(lab, Setup(name, hostname, addresses, first))
        furnish_common(root, hostname, authority)
    for site in lab.sites:
        for name, machine in site.hosts.items():
            host = machine.host
            setup = Setup(name, host.hostname, host.addresses, host.target, machine.packages)
            root = _add(lab, setup)
            furnish(root, machine, authority)
    lab.journal.start()


@dataclass(frozen=True, slots=True)
class Setup:
    """What a machine is made of: `packages` are those that its host needs."""

    name: str
    hostname: str
    addresses: Iterable[Address]
    target: Target
    packages: Iterable[str] = ()


def _add(lab: Lab, setup: Setup) -> File:
    machine = make_machine(lab.journal, setup)
    lab.machines[setup.name] = machine
    return machine.root


def make_machine(journal: LabLog, setup: Setup) -> Machine:
    """Start a machine on which nothing runs yet; its network is plugged in."""
    root = mount_root(setup.name, image(release_of(setup.target), setup.packages).root)
    journal.attach(setup.name, root)
    first = start_machine(root, setup.hostname)
    name_network(setup.name, first)
    plug_in(setup.name, setup.addresses)
    return Machine(setup.name, root, journal, setup.target, first)


def _start_hosts(lab: Lab) -> None:
    """Start all hosts side by side; the first failure is the one that is raised."""
    hosts = [
        (n, m, services_of(s.parsed.plugins.values()))
        for s in lab.sites
        for n, m in s.hosts.items()
    ]
    with ThreadPoolExecutor(len(hosts)) as pool:
        started = [pool.submit(_start_host, lab.machines[n], m, known) for n, m, known in hosts]
    for host in started:
        host.result()


def _start_host(machine: Machine, host: LabHost, known: dict[str, LabService]) -> None:
    for command in host.prepare:
        machine.start(*command)
    start_services(machine, host.services, known)


def _wait_for_ports(lab: Lab) -> None:
    """Wait until every endpoint of both sites greets, from where clients are.

    A daemon that dies says so in the log and is not waited for. A connection is what makes
    Dovecot start its login and authentication processes, so their faults show up here too.
    """
    waiting = {
        EndpointAddress(endpoint, address)
        for site in lab.sites
        for endpoint in site.endpoints
        for address in endpoint.addresses
    }
    silent = on_network_of(CLIENT, lambda: _poll(lab, waiting, time.monotonic() + READY_SECONDS))
    died = lab.journal.death()
    if silent or died:
        first = min(silent, key=str, default=None)
        where = f"{first} does not answer: " if first else ""
        raise BootError(where + (died or lab.journal.explanation() or _silence(lab, first)))


def _silence(lab: Lab, at: EndpointAddress | None) -> str:
    """Say what can be known of a port that does not answer, when no daemon has said anything."""
    hosts = {**lab.ours.hosts, **lab.theirs.hosts}
    keys = (key for key, m in hosts.items() if at and m.host.hostname == at.endpoint.host)
    key = next(keys, "")
    if not at or not key:
        return "the log holds no reason"
    listening = lab.machines[key].run("ss", "-Hltn", f"sport = :{at.endpoint.port}").output
    if listening:
        return "a daemon is listening, but the firewall drops the packets; check /etc/nftables.conf"
    return f"no daemon listens on port {at.endpoint.port} of {key}, and the log gives no reason"


def _poll(lab: Lab, waiting: set[EndpointAddress], end: float) -> set[EndpointAddress]:
    """Return the listeners that do not greet until `end`, on the monotonic clock."""
    while waiting:
        waiting = {listener for listener in waiting if not _greets(listener)}
        if time.monotonic() > end or lab.journal.death():
            break
        if waiting:
            time.sleep(POLL_SECONDS)
    return waiting


def _greets(listener: EndpointAddress) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    in_clear = listener.endpoint.security is Security.STARTTLS
    target = str(listener.address), listener.endpoint.port
    try:
        with socket.create_connection(target, GREETING_SECONDS) as plain:
            if in_clear:
                return bool(plain.recv(1))
            with context.wrap_socket(plain) as wrapped:
                return bool(wrapped.recv(1))
    except OSError:
        return False
