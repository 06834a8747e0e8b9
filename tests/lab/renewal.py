"""Validation as an authority does it, and what a reload takes over; first process of a lab's namespaces.

`python -m tests.lab.renewal RELEASE` prints as JSON what was fetched from port 80 of every host, under
each name and at each address, and which changes of files a reload was enough for.
"""

import http.client
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailconf.engine.load import load, retargeted
from mailconf.engine.render import Renderer
from mailconf.engine.restarting import kept
from mailconf.lab.boot import boot
from mailconf.lab.lab import Lab
from mailconf.lab.log import LabLog
from mailconf.lab.machine import Machine
from mailconf.lab.network import on_network_of
from mailconf.lab.rootfs import install
from mailconf.lab.roundtrip import CLIENT
from mailconf.lab.site import LabFile
from mailconf.model.artifact import Issue

SPEC = Path(__file__).parent / "specs/renewal.yaml"
TOKEN, ANSWER = ".well-known/acme-challenge/token-1_2", "token-1_2.thumbprint"
PATIENCE, POLL = 20.0, 0.05
MAIN, MASTER = "etc/postfix/main.cf", "etc/postfix/master.cf"
DOVECOT, NGINX = "etc/dovecot/dovecot.conf", "etc/nginx/conf.d/mailconf-http.conf"


def until(condition: Callable[[], bool]) -> bool:
    """Wait for a condition; return whether it came true."""
    end = time.monotonic() + PATIENCE
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(POLL)
    return met


def issues(lab: Lab, host: str) -> Iterator[Issue]:
    """Yield how the certificates of a host are issued."""
    for artifact in lab.ours.build.artifacts:
        if artifact.order.host == host:
            yield from (need for need in artifact.order.needs if isinstance(need, Issue))


def validated(lab: Lab) -> dict[str, str]:
    """Return what an authority is answered, by name and address."""
    found = {}
    for key, machine in lab.ours.hosts.items():
        wanted = list(issues(lab, key))
        put_token(lab.machines[key], wanted[0].webroot)
        for name in sorted({name for issue in wanted for name in issue.names}):
            for address in machine.host.addresses:
                url = f"{name} [{address}]"
                found[url] = on_network_of(CLIENT, lambda n=name, a=address: fetched(n, str(a)))  # type: ignore[misc]
    return found


def put_token(machine: Machine, webroot: str) -> None:
    """Do what certbot does: write into the webroot, or listen on port 80 until it is fetched."""
    install(machine.root, f"{webroot or '/srv/acme'}/{TOKEN}", LabFile(ANSWER))
    if not webroot:
        listening = ("python3", "-m", "http.server", "--bind", "::", "--directory", "/srv/acme")
        machine.spawn(80, *listening, "80")


def fetched(name: str, address: str) -> str:
    connection = http.client.HTTPConnection(address, 80, timeout=PATIENCE)
    try:
        connection.request("GET", f"/{TOKEN}", headers={"Host": name})
        answer = connection.getresponse()
        return f"{answer.status} {answer.read().decode()}"
    except OSError as why:
        return str(why)
    finally:
        connection.close()


@dataclass(frozen=True)
class Change:
    """A change of a rendered file, what shows it, and what the daemon logs when it does not take it."""

    file: str
    old: str
    new: str
    shown: str
    """A port, or the process that must be another one."""
    refusal: str = ""


CHANGES = {
    "inet_protocols": Change(
        MAIN, "inet_protocols = all", "inet_protocols = ipv4", "25", "stop and start Postfix"
    ),
    "inet_interfaces": Change(
        MAIN, "inet_interfaces = all", "inet_interfaces = loopback-only", "25", "stop and start"
    ),
    "a listener more": Change(MASTER, "\nsmtp  ", "\n8080 inet n - n - - smtpd\nsmtp  ", "8080"),
    "a listener at one address": Change(MASTER, "\nsmtp        inet", "\n192.0.2.25:25 inet", "25"),
    "a port of Dovecot more": Change(
        DOVECOT,
        "service imap-login {",
        "service imap-login {\n  inet_listener more {\n    port = 8080\n  }",
        "8080",
    ),
    "Dovecot at one address": Change(DOVECOT, "listen = *, ::", "listen = 192.0.2.25", "993"),
    "limits of anvil": Change(
        DOVECOT,
        "listen = *, ::",
        "listen = *, ::\nservice anvil {\n  client_limit = 4321\n}",
        "anvil",
        "reloading configuration",
    ),
    "a port of nginx more": Change(NGINX, "listen 80;", "listen 80;\n    listen 8080;", "8080"),
    "nginx at one address": Change(
        NGINX, "listen 80;", "listen 192.0.2.25:80;", "80", "Address already in use"
    ),
}
ALWAYS = {"postfix": "465", "dovecot": "993", "nginx": "443"}
"""A port of each daemon that no change closes, or that is open at some address at least."""
DAEMONS = {
    "postfix": (("postfix", "reload"), ("postfix", "stop"), ("postfix", "start")),
    "dovecot": (("doveadm", "reload"), ("doveadm", "stop"), ("dovecot",)),
    "nginx": (("nginx", "-s", "reload"), ("nginx", "-s", "stop"), ("nginx",)),
}


@dataclass(frozen=True)
class Trial:
    """One change on a machine of a lab."""

    lab: Lab
    machine: Machine
    change: Change

    def outcome(self) -> dict[str, Any]:
        """Reload and look, restart and look, and leave everything as it was."""
        file = self.machine.root / self.change.file
        text, before = file.read_text(), self.state()
        assert self.change.old in text, self.change.old
        changed = text.replace(self.change.old, self.change.new)
        self.write(changed)
        mark = self.lab.journal.mark()
        self.command(0)
        refused = self.change.refusal
        until(lambda: refused in self.log(mark) if refused else self.state() != before)
        reloaded = self.state()
        self.restart()
        until(lambda: self.state() != before)
        restarted = self.state()
        self.write(text)
        self.restart()
        return {
            "by reload": reloaded != before,
            "by restart": restarted != before,
            "asked for": sorted(kept(self.keeps(text), self.keeps(changed))),
        }

    def command(self, which: int) -> None:
        self.machine.run(*DAEMONS[self.daemon][which])

    @property
    def daemon(self) -> str:
        return self.change.file.split("/")[1]

    def restart(self) -> None:
        self.command(1)
        until(lambda: not self.sockets(ALWAYS[self.daemon]))
        self.command(2)
        until(lambda: bool(self.sockets(ALWAYS[self.daemon])))

    def state(self) -> str:
        """Return the addresses at which a port listens, or the numbers of processes."""
        shown = self.change.shown
        if shown.isdigit():
            return self.sockets(shown)
        return self.machine.run("pgrep", "-f", f"^dovecot/{shown}").output

    def sockets(self, port: str) -> str:
        lines = self.machine.run("ss", "-Hltn", f"sport = :{port}").output.splitlines()
        return " ".join(sorted({line.split()[3] for line in lines}))

    def log(self, mark: int) -> str:
        errors = self.machine.root / "var/log/nginx/error.log"
        return "\n".join(map(str, self.lab.journal.since(mark))) + errors.read_text()

    def write(self, text: str) -> None:
        install(self.machine.root, f"/{self.change.file}", LabFile(text))

    def keeps(self, text: str) -> dict[str, Any]:
        """Return what the manifest would say of the file with this text."""
        path = f"hosts/{self.machine.name}/{self.change.file}"
        orders = {str(a.path): a.order for a in self.lab.ours.build.artifacts}
        reader = orders[path].restart_on
        return {"restart_on": reader(text) if reader else {}}


def main(release: str) -> None:
    loaded = retargeted(load(SPEC), release)
    for domain in loaded.data["domains"].values():
        domain["dkim"] = {"selectors": {"lab": {"state": "active"}}}
    lab = boot(loaded, Renderer(), lambda _step: None, LabLog())
    changes = {name: Trial(lab, lab.machines["mail"], c).outcome() for name, c in CHANGES.items()}
    json.dump({"validated": validated(lab), "changes": changes}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
