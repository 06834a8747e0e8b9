"""A running site whose spec changes: render, deploy, publish, and time that passes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from mailconf.cli.app import app
from mailconf.engine.build import build, read
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from mailconf.engine.secrets import Secrets
from mailconf.lab import dns_setup, peer
from mailconf.lab.log import Entry
from mailconf.lab.machine import Machine
from mailconf.lab.rootfs import BASE, install
from mailconf.lab.services import services_of, start_services
from mailconf.lab.site import LabFile, place_files
from tests.lab.flow import PEER, Bench, letter, side_by_side, until

HOST, DOMAIN = "mail", "example.org"
MAIN = "/etc/postfix/main.cf"
ALICE, BOB = f"alice@{DOMAIN}", f"bob@{DOMAIN}"
RELOADS = {
    "postfix": ("postfix", "reload"),
    "dovecot": ("doveadm", "reload"),
    "nginx": ("nginx", "-s", "reload"),
}
# Of a resolver of its own, or of policies.
REMEMBER = ("opendkim", "postfix-mta-sts-resolver")
SOCKET_MAP = "socketmap:inet:127.0.0.1:8461:postfix"


@dataclass
class Life:
    """The site of a lab as its operator sees it: a spec in a directory, commands, a clock."""

    bench: Bench
    now: datetime
    spec: Path = BASE / "vault" / "mailconf.yaml"
    seen: list[dict[str, Any]] = field(default_factory=list)

    def settle(self, data: dict[str, Any]) -> None:
        """Write the spec that the lab has booted, its keys into the key file; one TLS key is used."""
        domain, host = data["domains"][DOMAIN], data["hosts"][HOST]
        keys = {
            "domains": {DOMAIN: {"dkim": domain.pop("dkim")}},
            "hosts": {
                HOST: {"dane": {"keys": [self._key(k) for k in host.pop("dane")["keys"][:1]]}}
            },
        }
        key = keys["domains"][DOMAIN]["dkim"]["selectors"]["first"]
        key["since"] = f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        self.spec.write_text(yaml.safe_dump(data))
        self.key_file.write_text(yaml.safe_dump(keys))

    def _key(self, digest: str) -> dict[str, str]:
        return {"sha256": digest, "since": f"{self.now:%Y-%m-%dT%H:%M:%SZ}"}

    @property
    def key_file(self) -> Path:
        return self.spec.with_name("mailconf.keys.yaml")

    @property
    def host(self) -> Machine:
        return self.bench.lab.machines[HOST]

    def types(self, *words: str) -> str:
        """Type `mailconf keys` with the spec and the time, and return what it says."""
        when = f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        line = ["keys", words[0], str(self.spec), *words[1:], "--now", when]
        return CliRunner().invoke(app, line, catch_exceptions=False).output

    def steps(self) -> list[dict[str, Any]]:
        """Return what may come next, as `keys status` has it."""
        steps: list[dict[str, Any]] = json.loads(self.types("status", "--report", "json"))["steps"]
        return steps

    def deploy(self) -> None:
        """Render, put what differs on the host, and have its services read it."""
        site, parsed = self.bench.lab.ours, read(self.spec)
        before = dict(site.hosts[HOST].files)
        site.parsed, site.build = parsed, build(parsed, Renderer())
        site.zones = place_files(site.build, site.hosts, Secrets(self.spec.parent))
        service = {f"/{a.order.path}": a.order.service for a in site.build.artifacts}
        changed = {p: f for p, f in site.hosts[HOST].files.items() if before.get(p) != f}
        for path, file in changed.items():
            install(self.host.root, path, file)
        self._reload({service[path] for path in changed if service.get(path)})

    def load_certificate(self, key: ec.EllipticCurvePrivateKey) -> None:
        """Put a certificate with another key on the host."""
        tls = self.bench.lab.ours.hosts[HOST].host.tls
        own = x509.load_pem_x509_certificate(
            (self.host.root / tls.certificate.lstrip("/")).read_bytes()
        )
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        covered = names.get_values_for_type(x509.DNSName)
        issued = self.bench.lab.authority.issue(covered, key=key)
        install(self.host.root, tls.certificate, LabFile(issued.certificate))
        install(self.host.root, tls.private_key, LabFile(issued.private_key, mode=0o600))
        self._reload(RELOADS)

    def _reload(self, services: Any) -> None:
        for service in sorted(services):
            if service in RELOADS:
                self.host.start(*RELOADS[service])
            else:
                restart(self.host, service)

    def publish(self) -> None:
        zones, _ = dns_setup.tree_of(self.bench.lab).signed()
        dns_setup.publish(self.bench.lab, zones)

    def wait(self, span: timedelta) -> None:
        """Let time pass: whatever was remembered longer than it may be is forgotten."""
        self.now += span
        dns_setup.forget(self.bench.lab)
        for machine in (self.host, self.bench.lab.machines[peer.KEY]):
            # Its clients remember TLSA records.
            machine.start(*RELOADS["postfix"])
            for service in REMEMBER:
                restart(machine, service)

    def mail(self, when: str) -> None:
        """Send one message each way, and keep what became of them."""
        out, back = letter(ALICE, PEER), letter(PEER, BOB)
        mark = self.bench.lab.journal.mark()
        judged, _ = side_by_side(self._passed_on, ((ALICE, PEER, out), (PEER, BOB, back)))
        self.seen.append(
            {
                "when": when,
                "results": " ".join(judged),
                "tls": self._secured(mark),
                "policy": self.policy(),
            }
        )

    def _passed_on(self, passed: tuple[str, str, EmailMessage]) -> list[str]:
        sender, recipient, message = passed
        self.bench.submit(sender, message)
        results: list[str] = self.bench.received(recipient, message)["results"]
        return results

    def _secured(self, mark: int) -> str:
        """Return how sure the peer was of whom it talked to."""
        pattern = rf"smtp\[\d+\]: (\w+) TLS connection established to mail\.{re.escape(DOMAIN)}"
        found = until(lambda: [m for e in self._said(mark) if (m := re.search(pattern, e.text))])
        return found[-1][1]

    def _said(self, mark: int) -> Iterator[Entry]:
        return (e for e in self.bench.lab.journal.since(mark) if e.machine == peer.KEY)

    def policy(self) -> str:
        """Return what the peer's Postfix is told of our policy."""
        return self.bench.lab.machines[peer.KEY].run("postmap", "-q", DOMAIN, SOCKET_MAP).output

    def hold(self) -> str:
        """Keep a message of alice's in the queue, and return its Message-ID."""
        file = self.bench.lab.ours.hosts[HOST].files[MAIN]
        install(self.host.root, MAIN, replace(file, text=f"{file.text}defer_transports = smtp\n"))
        self.host.start(*RELOADS["postfix"])
        message = letter(ALICE, PEER)
        self.bench.submit(ALICE, message)
        until(
            lambda: (
                ["held"] if "deferred transport" in self.host.run("postqueue", "-p").output else []
            )
        )
        self.host.start("postsuper", "-h", "ALL")
        install(self.host.root, MAIN, file)
        self.host.start(*RELOADS["postfix"])
        return str(message["Message-ID"])

    def release(self, message_id: str) -> None:
        self.host.start("postsuper", "-H", "ALL")
        self.host.start("postqueue", "-f")
        token = message_id.strip("<>").partition("@")[0]
        arrived = self.bench.arrives(PEER, "header", "Message-ID", token)
        self.seen.append({"when": "under way", "results": " ".join(arrived["results"])})


def restart(machine: Machine, service: str) -> None:
    """Kill a daemon, which ends faster than it would by itself, and start it again."""
    pid = _pid(machine, service)
    gone = f"while kill -0 {pid}; do sleep 0.02; done"
    machine.start("sh", "-c", f"kill -KILL {pid}; {gone} 2>/dev/null")
    start_services(machine, [service], services_of(builtin().values()))


def _pid(machine: Machine, service: str) -> int:
    if service == "opendkim":
        return int((machine.root / "run/opendkim/opendkim.pid").read_text())
    said = machine.run("ss", "-Hltnp", "sport = :8461").output
    return int(re.findall(r"pid=(\d+)", said)[0])
