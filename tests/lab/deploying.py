"""A host that examples/deploy-ansible deploys to; run as the first process of a lab's namespaces.

`python -m tests.lab.deploying RELEASE` runs the playbook in the image of that release, again and
again in changing circumstances, and prints as JSON how each run ended.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from mailconf.disk.folder import Folder
from mailconf.engine.load import load, retargeted
from mailconf.engine.render import Renderer
from mailconf.engine.write import compare, tree, write
from mailconf.lab.boot import Setup, make_machine
from mailconf.lab.confine import enter
from mailconf.lab.ids import machine_ids
from mailconf.lab.lab_ca import Authority
from mailconf.lab.log import LabLog
from mailconf.lab.machine import ENVIRONMENT, Machine
from mailconf.lab.network import make_switch
from mailconf.lab.rootfs import BASE, furnish_common, install, mount_base
from mailconf.lab.site import LabFile, LabSecrets, Site, make_site
from mailconf.model.target import RELEASES
from tests.lab.launching import QUICKSTART, ROOT

HOST, HOSTNAME = "mail", "mail.example.org"
PLAYBOOK, TREE, STATE = "srv/playbook", "srv/out", "var/lib/mailconf"
CALLS, REFUSAL = "var/log/systemctl", "run/systemctl-refuses"
SYSTEMCTL = (
    f'#!/bin/sh\necho "$*" >> /{CALLS}\n! [ -e /{REFUSAL} ] || {{ echo refused >&2; exit 1; }}\n'
)
WEBROOT = "var/www/mailconf-acme"
CERTBOT = (
    f'#!/bin/sh\necho "certbot $*" >> /{CALLS}\n'
    f'[ -e "/{WEBROOT}/.well-known/acme-challenge/mailconf" ] || exit 1\n'
    "[ ! -e /srv/fullchain.pem ] || mv /srv/*.pem /etc/letsencrypt/live/mail.example.org/\n"
    'echo "Certificate not yet due for renewal"\n'
)
INVENTORY = f"{HOST} ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n"
COMMAND = ("ansible-playbook", "-i", f"/{PLAYBOOK}/inventory", f"/{PLAYBOOK}/site.yml")
SIEVE = 'require ["fileinto"];\nif header :is "x-list" "yes" { fileinto "Archive"; }\n'
TABLES = ("passwd", "group")
NEW_FILE = "etc/postfix/extra_table"
PATIENCE = 60.0


@dataclass(frozen=True)
class Step:
    """How one run ended, what it told systemctl, and how files lie on the host afterwards."""

    status: int
    output: str
    calls: list[str]
    files: dict[str, str]
    wanted: dict[str, str]
    """The files as the tree has them."""
    leaks: list[str]
    """Lines of secret files that the output shows."""


@dataclass
class DeployedHost:
    """The host, the rendered tree that lies on it, and every path that was ever deployed."""

    machine: Machine
    site: Site
    paths: set[str] = field(default_factory=set)

    @property
    def root(self) -> Path:
        return self.machine.root

    @property
    def tree(self) -> Path:
        return self.root / TREE

    def manifest(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads((self.tree / "manifest.json").read_text())
        return body

    def deploy(self, *options: str, connection: str = "") -> Step:
        """Run the playbook to its end, as if over an SSH connection where one is given."""
        self._be_ready()
        environment = _environment() | ({"SSH_CONNECTION": connection} if connection else {})
        done = subprocess.run(
            self._command(*options), capture_output=True, text=True, env=environment, check=False
        )
        return self._step(done.returncode, done.stdout + done.stderr)

    def interrupt(self, path: str) -> Step:
        """Kill the playbook as soon as a path has appeared on the host."""
        self._be_ready()
        with subprocess.Popen(
            self._command(), stdout=subprocess.DEVNULL, env=_environment(), start_new_session=True
        ) as process:
            end = time.monotonic() + PATIENCE
            while not (self.root / path).exists() and time.monotonic() < end:
                time.sleep(0.01)
            os.killpg(process.pid, signal.SIGKILL)
        return self._step(process.returncode, "")

    def _be_ready(self) -> None:
        """Forget what systemctl was told; what lies on the host for deploying is its root's."""
        install(self.root, f"/{CALLS}", LabFile(""))
        first = machine_ids().first
        for path in (self.root / "srv").rglob("*"):
            os.chown(path, first, first)

    def _step(self, status: int, output: str) -> Step:
        calls = (self.root / CALLS).read_text().splitlines()
        leaks = [line for line in self.secrets() if line in output]
        return Step(status, output, calls, self.files(), self.wanted(), leaks)

    def secrets(self) -> list[str]:
        files = (self.tree / f["path"] for f in self.manifest()["files"] if f["secret"])
        return [line for file in files for line in file.read_text().splitlines() if line[:1] != "#"]

    def files(self) -> dict[str, str]:
        """Return owner, group, mode and digest of the deployed files that are there."""
        self.paths |= {file["target"] for file in self.manifest()["files"] if file["host"]}
        lying = {path: self.root / path.lstrip("/") for path in sorted(self.paths)}
        return {path: _described(self.root, file) for path, file in lying.items() if file.exists()}

    def wanted(self) -> dict[str, str]:
        """Return the same for the files as the manifest and the tree have them."""
        return {
            file["target"]: " ".join(
                (file["owner"], file["group"], file["mode"], _digest(self.tree / file["path"]))
            )
            for file in self.manifest()["files"]
            if file["host"]
        }

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.tree / "hosts" / HOST / path
        text = file.read_text()
        assert old in text, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new))

    def drop(self, path: str) -> None:
        """Render a file no longer."""
        body = self.manifest()
        body["files"] = [file for file in body["files"] if file["target"] != f"/{path}"]
        self._write_manifest(body)

    def add(self, path: str, like: str) -> None:
        """Render one file more, with what another one holds."""
        body = self.manifest()
        (twin,) = (file for file in body["files"] if file["target"] == f"/{like}")
        body["files"].append({**twin, "path": f"hosts/{HOST}/{path}", "target": f"/{path}"})
        shutil.copy(self.tree / twin["path"], self.tree / "hosts" / HOST / path)
        self._write_manifest(body)

    def keeps(self, path: str, name: str, value: str) -> None:
        """Let the manifest say what a running service keeps of a file."""
        body = self.manifest()
        (file,) = (file for file in body["files"] if file["target"] == f"/{path}")
        file["restart_on"][name] = value
        self._write_manifest(body)

    def keep_tree(self) -> None:
        shutil.copytree(self.tree, self.tree.with_suffix(".kept"), dirs_exist_ok=True)

    def restore_tree(self) -> None:
        shutil.rmtree(self.tree)
        self.tree.with_suffix(".kept").rename(self.tree)

    def place_certificates(self) -> None:
        rendered = self.wanted()
        for target, file in self.site.hosts[HOST].files.items():
            if target not in rendered:
                install(self.root, target, file)

    def certificates(self) -> list[Path]:
        """Return where certificates and keys are to lie."""
        found = self.manifest()["hosts"][HOST]["certificates"]
        paths = (one[kind] for one in found for kind in ("certificate", "private_key"))
        return [self.root / path.lstrip("/") for path in paths]

    def _command(self, *options: str) -> list[str]:
        given = ["-e", f"mailconf_tree={TREE}", "-e", "mailconf_install_packages=false"]
        # The playbook has nft check its file: that takes what nft itself is given.
        return [*enter(self.machine.first, "nft"), *COMMAND, *given, *options]

    def _write_manifest(self, body: dict[str, Any]) -> None:
        (self.tree / "manifest.json").write_text(json.dumps(body))


def _environment() -> dict[str, str]:
    return ENVIRONMENT | {"HOME": "/root", "ANSIBLE_PIPELINING": "1", "ANSIBLE_NOCOLOR": "1"}


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _described(root: Path, file: Path) -> str:
    status = file.stat()
    ids = (number - machine_ids().first for number in (status.st_uid, status.st_gid))
    names = (_names(root / f"etc/{of}")[number] for of, number in zip(TABLES, ids, strict=True))
    return " ".join((*names, f"{status.st_mode & 0o7777:04o}", _digest(file)))


def _names(table: Path) -> dict[int, str]:
    rows = (line.split(":") for line in table.read_text().splitlines())
    return {int(row[2]): row[0] for row in rows}


def prepare(release: str) -> DeployedHost:
    """Return a host of a release, with the quickstart rendered on it and nothing deployed."""
    mount_base()
    vault = BASE / "vault"
    vault.mkdir(mode=0o700)
    loaded = retargeted(load(QUICKSTART), release)
    # A Sieve script is what has a command to prepare it.
    loaded.data["plugins"] = {"dovecot": {"sieve_before": SIEVE}}
    authority = Authority(datetime.now(UTC))
    site = make_site(loaded, vault, authority, Renderer())
    make_switch()
    journal = LabLog()
    machine = make_machine(journal, Setup(HOST, HOSTNAME, (), RELEASES[release]))
    # Whoever logs waits for somebody to read.
    journal.start()
    root = machine.root
    furnish_common(root, HOSTNAME, authority.certificate())
    wanted = tree(site.build, LabSecrets(vault))
    with Folder(root / TREE) as folder:
        write(wanted, compare(wanted, folder), folder, ())
    shutil.copytree(ROOT / "examples/deploy-ansible", root / PLAYBOOK)
    (root / PLAYBOOK / "inventory").write_text(INVENTORY)
    stub = root / "usr/local/bin/systemctl"
    stub.write_text(SYSTEMCTL)
    stub.chmod(0o755)
    # As where Dovecot runs: without it, doveconf of Debian 11 complains.
    (root / "run/dovecot").mkdir()
    (root / "run/dovecot/dovecot.conf").symlink_to("/etc/dovecot/dovecot.conf")
    return DeployedHost(machine, site)


MAIN, DOVECOT, USERS = "etc/postfix/main.cf", "etc/dovecot/dovecot.conf", "etc/dovecot/users"
ALIASES, POLICY = (
    "etc/postfix/virtual_aliases",
    "var/www/mailconf/mta-sts.example.org/.well-known/mta-sts.txt",
)
SCRIPT = "etc/dovecot/sieve/before.d/50-site.sieve"


def scenario(host: DeployedHost) -> Iterator[tuple[str, Step]]:
    """Yield what happens to a host, one deployment after the other."""
    yield "without certificates", host.deploy()
    host.place_certificates()
    yield "first", host.deploy("--diff", "-vv")
    yield "again", host.deploy()
    yield from _failures(host)
    host.replace(ALIASES, "alice@example.org, bob@example.org", "bob@example.org")
    host.drop(POLICY)
    (host.root / USERS).chmod(0o600)
    yield "rehearsal", host.deploy("--check", "--diff")
    (host.root / REFUSAL).touch()
    yield "refused", host.deploy()
    (host.root / REFUSAL).unlink()
    yield "told", host.deploy()
    yield from _restarts(host)
    yield from _issuing(host)


def _restarts(host: DeployedHost) -> Iterator[tuple[str, Step]]:
    """Yield what Postfix takes over by a reload, and what it does not."""
    host.replace(MAIN, "message_size_limit = ", "message_size_limit = 1")
    yield "a limit", host.deploy()
    host.replace(MAIN, "inet_protocols = all", "inet_protocols = ipv4")
    host.keeps(MAIN, "inet_protocols", "ipv4")
    yield "a family", host.deploy()
    main = host.root / MAIN
    main.write_text(main.read_text().replace("inet_protocols = ipv4", "inet_protocols = ipv6"))
    yield "changed by hand", host.deploy()
    yield "locked out", host.deploy(connection="192.0.2.99 50000 192.0.2.25 2222")
    yield "let in", host.deploy(connection="::ffff:192.0.2.99 50000 ::ffff:192.0.2.25 22")


def _issuing(host: DeployedHost) -> Iterator[tuple[str, Step]]:
    """Yield a first issue: certbot is one that notes how it was called, and has the files ready."""
    for file in host.certificates():
        file.rename(host.root / "srv" / file.name)
    install(host.root, "/usr/local/bin/certbot", LabFile(CERTBOT, mode=0o755))
    shutil.rmtree(host.root / WEBROOT)
    yield "issued", host.deploy("-e", "mailconf_issue_certificates=true")


def _failures(host: DeployedHost) -> Iterator[tuple[str, Step]]:
    """Yield what must leave the host as it was; the last run is with the tree as it was."""
    host.keep_tree()
    host.replace(MAIN, "smtpd_helo_required", "smtpd_hello_required")
    host.replace(DOVECOT, "\nprotocols", "\nprotokols")
    host.replace(SCRIPT, 'require ["fileinto"];', 'require ["filein"];')
    host.add(NEW_FILE, like=ALIASES)
    host.drop(POLICY)
    yield "broken", host.deploy()
    yield "interrupted", host.interrupt(NEW_FILE)
    host.restore_tree()
    yield "resumed", host.deploy()


def main(release: str) -> None:
    steps = {name: asdict(step) for name, step in scenario(prepare(release))}
    sys.stdout.write(json.dumps(steps, indent=2))


if __name__ == "__main__":
    main(sys.argv[1])
