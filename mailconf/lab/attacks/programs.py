"""A local account without rights sends as a user of the site: by envelope, and by header."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import product

from mailconf.engine.run import Job
from mailconf.lab.attacks import rules
from mailconf.lab.attacks.scene import Scene
from mailconf.lab.machine import Machine, reason
from mailconf.lab.peer import USER
from mailconf.lab.roundtrip import listeners
from mailconf.model.endpoint import Address
from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.requests.firewall import LocalService, LocalServicesGuarded, OpenPort
from mailconf.model.world import Inconclusive, NotApplicable

ACCOUNT = "nobody"
AS_ACCOUNT = ("setpriv", f"--reuid={ACCOUNT}", "--regid=nogroup", "--clear-groups")
SECONDS, POLL_SECONDS = 20.0, 0.1
CONNECT_SECONDS = 5
LOOPBACK = ("127.0.0.1", "127.0.0.2", "::1")
CONNECT_ALL = """
import os, socket, stat, sys
def reached(kind, where):
    try:
        with socket.socket(*kind) as one:
            one.settimeout(5)
            one.connect(where)
            return True
    except OSError:
        return False
for address, port in (word.split() for word in sys.argv[1:]):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if reached((family,), (address, int(port))):
        os.write(1, f"{address} port {port}\\n".encode())
files = (os.path.join(at, name) for top in ("/run", "/var/spool") for at, _, names in os.walk(top) for name in names)
for file in files:
    if stat.S_ISSOCK(os.lstat(file).st_mode):
        kinds = ((socket.AF_UNIX, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))
        if any(reached(kind, file) for kind in kinds):
            os.write(1, f"{file}\\n".encode())
"""
HARMLESS = ("/run/dovecot/dns-client",)
"""Sockets for everybody: a resolver."""


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for each host that runs an MTA."""
    spec = scene.ours.build.spec
    users = [domain.address(local) for domain in spec.hosted for local in domain.mailboxes]
    for host in spec.hosts.values():
        given = {address.rpartition("@")[2] for address in host.send_as}
        victim = next((user for user in users if user.rpartition("@")[2] not in given), "")
        if host.is_mta and victim:
            attempt = partial(_forged, scene, host, victim)
            yield Job("attack.program-sends-as", f"{host.key} as {victim}", attempt)
            yield Job("attack.program-connects", host.key, partial(_connects, scene, host))
        if host.is_mta:
            yield Job("attack.local-services", host.key, partial(_reaches, scene, host))


async def _reaches(scene: Scene, host: Host) -> AsyncIterator[Finding]:
    """Connect to the services that only the MTA and the mail store may use, at every address.

    Those of the host itself, by socket as well, and those of other hosts that trust its MTA.
    """
    asked = scene.ours.build.requests.on(host.key)
    if asked.of(LocalService) and not asked.of(LocalServicesGuarded):
        raise NotApplicable("the firewall plugin is off")
    own = product((*LOOPBACK, *host.addresses), {one.port for one in asked.of(LocalService)})
    words = sorted(f"{address} {port}" for address, port in (*own, *_elsewhere(scene, host)))
    tried = scene.machines[host.key].run(*AS_ACCOUNT, "python3", "-c", CONNECT_ALL, *words)
    if tried.status:
        raise Inconclusive(f"the connections could not be tried: {reason(tried.errors)}")
    if reached := ", ".join(one for one in tried.output.splitlines() if one not in HARMLESS):
        facts = {"account": ACCOUNT, "host": host.key, "reached": reached}
        yield rules.SERVICE_REACHED.at(host.key, ("hosts", host.key), **facts)


def _elsewhere(scene: Scene, host: Host) -> Iterator[tuple[Address, int]]:
    """Yield the ports of other hosts that only MTAs of the site may use."""
    hosts = scene.ours.build.spec.hosts
    for opened in scene.ours.build.requests.of(OpenPort):
        if opened.by_mta and opened.host != host.key:
            for address in hosts[opened.host].addresses:
                yield address, opened.port


async def _connects(scene: Scene, host: Host) -> AsyncIterator[Finding]:
    """Connect past the MTA of the host, to a server that takes mail from anybody."""
    server = next(iter(listeners(scene.theirs, "smtp")))
    for at in listeners(scene.theirs, "smtp"):
        if at.address.version in host.families:
            server = at
    script = f"import socket; socket.create_connection(('{server.address}', 25), {CONNECT_SECONDS})"
    if not scene.machines[host.key].run(*AS_ACCOUNT, "python3", "-c", script).status:
        facts = {"account": ACCOUNT, "host": host.key, "server": server.endpoint.host}
        yield rules.PROGRAM_CONNECTS.at(host.key, ("hosts", host.key), **facts)


async def _forged(scene: Scene, host: Host, victim: str) -> AsyncIterator[Finding]:
    machine, own = scene.machines[host.key], f"{ACCOUNT}@{host.hostname}"
    for form, sender, author in (("MAIL FROM", victim, own), ("From:", own, victim)):
        if _is_sent(scene, machine, sender, author):
            facts = {"account": ACCOUNT, "host": host.key, "form": form, "victim": victim}
            yield rules.PROGRAM_FROM.at(host.key, ("hosts", host.key), **facts)


def _is_sent(scene: Scene, machine: Machine, sender: str, author: str) -> bool:
    """Tell whether a message leaves; raises Inconclusive when the log does not say what became of it."""
    token = f"lab{time.time_ns():x}program"
    text = f"From: {author}\\nTo: {USER}\\nMessage-ID: <{token}@lab.example>\\n\\nx\\n"
    mark = scene.journal.mark()
    script = f"printf '{text}' | /usr/sbin/sendmail -i -f '{sender}' '{USER}'"
    if machine.run(*AS_ACCOUNT, "sh", "-c", script).status:
        return False
    number = _wait(scene, mark, rf"\]: (\w+): message-id=<{token}@")
    return _wait(scene, mark, rf"\]: {number}: to=.*status=(\w+)") != "bounced"


def _wait(scene: Scene, mark: int, pattern: str) -> str:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for entry in scene.journal.since(mark):
            match = re.search(pattern, entry.text)
            if match:
                return match[1]
        with scene.journal.arrived:
            scene.journal.arrived.wait(POLL_SECONDS)
    raise Inconclusive(f"the log does not say what became of the message ({pattern})")
