"""Specs through the whole engine, and the files that come out, read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mailconf.engine.build import build
from mailconf.engine.load import Loaded
from mailconf.engine.merge import overlay
from mailconf.engine.parse import parse
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from mailconf.formats.postfix import Daemon, MainCf, MasterCf
from mailconf.model.artifact import Artifact
from mailconf.model.outcome import Build
from mailconf.model.place import Places

RENDERER = Renderer()
# Complete, and without a finding but for the keys that only `mailconf keys new` makes.
SITE: dict[str, Any] = {
    "version": 1,
    "hosts": {"mail": {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}},
    "domains": {
        "example.org": {
            "mailboxes": {"alice": {"password": "ref+env://ALICE"}},
            "aliases": {"postmaster": "alice", "abuse": "alice"},
        }
    },
}
# One role a machine.
FLEET: dict[str, Any] = {
    "version": 1,
    "hosts": {
        "mx1": {
            "hostname": "mx1.example.org",
            "addresses": ["192.0.2.1", "2001:db8::1"],
            "roles": ["mx"],
        },
        "sub": {
            "hostname": "sub.example.org",
            "addresses": ["192.0.2.2"],
            "roles": ["submission"],
        },
        "st1": {
            "hostname": "st1.example.org",
            "addresses": ["192.0.2.3", "2001:db8::3"],
            "roles": ["mailstore"],
        },
        "st2": {
            "hostname": "st2.example.org",
            "addresses": ["192.0.2.4"],
            "roles": ["mailstore"],
        },
        "out": {
            "hostname": "out.example.org",
            "addresses": ["192.0.2.5", "2001:db8::5"],
            "roles": ["relay"],
        },
        "bak": {
            "hostname": "bak.example.org",
            "addresses": ["192.0.2.6"],
            "roles": ["backup-mx"],
        },
        "app": {
            "hostname": "app.example.org",
            "addresses": ["192.0.2.7"],
            "roles": ["send-only"],
        },
        "www": {"hostname": "www.example.org", "addresses": ["192.0.2.8"], "roles": ["web"]},
    },
    "domains": {
        "example.org": {
            "mailboxes": {"alice": {"password": "ref+env://ALICE"}},
            "aliases": {"postmaster": "alice", "abuse": "alice"},
        },
        "example.net": {
            "store": "st2",
            "mailboxes": {"carol": {"password": "ref+env://CAROL"}},
            "aliases": {"postmaster": "carol", "abuse": "carol"},
        },
    },
}


@dataclass(frozen=True)
class Site:
    """What the engine made of a spec."""

    build: Build

    def file(self, path: str, host: str = "mail") -> Artifact:
        """Return a file that must have been rendered for a host."""
        return self._by_path()[f"hosts/{host}/{path}"]

    def text(self, path: str, host: str = "mail") -> str:
        return self.file(path, host).text

    def files(self, directory: str, host: str = "mail") -> set[str]:
        """Return the names of all files in or below a directory of a host."""
        root = f"hosts/{host}/{directory}/"
        return {path.removeprefix(root) for path in self._by_path() if path.startswith(root)}

    def main(self, host: str = "mail") -> Mapping[str, str]:
        """Return the parameters of a host's main.cf, as Postfix would read them."""
        return MainCf.parse(self.text("etc/postfix/main.cf", host)).values

    def master(self, host: str = "mail") -> MasterCf:
        return MasterCf.parse(self.text("etc/postfix/master.cf", host))

    def daemon(self, name: str, host: str = "mail") -> Daemon:
        """Return the first service of a name, which must be there."""
        found = self.master(host).service(name)
        assert found, name
        return found

    def table(self, name: str, host: str = "mail") -> dict[str, str]:
        """Return the rows of a lookup table."""
        lines = self.text(f"etc/postfix/{name}", host).splitlines()
        rows = (line.split(None, 1) for line in lines if line and not line.startswith("#"))
        return {key: value for key, value in rows}

    def codes(self, *families: str) -> list[str]:
        """Return the codes of the findings that belong to rule families, PFX for example."""
        found = (finding.rule.code for finding in self.build.findings)
        return sorted(code for code in found if code.startswith(families))

    def _by_path(self) -> dict[str, Artifact]:
        return {str(artifact.path): artifact for artifact in self.build.artifacts}


def rendered(changes: Mapping[str, Any] | None = None, base: Mapping[str, Any] = SITE) -> Site:
    """Build a spec with `changes` laid over it, as an overlay of the operator would be."""
    data = overlay(dict(base), dict(changes or {}))
    loaded = Loaded(data, Places("mailconf.yaml", {}))
    return Site(build(parse(loaded, builtin()), RENDERER))


def fleet_on(target: Any, changes: Mapping[str, Any] | None = None) -> Site:
    """Build the fleet with the same target everywhere."""
    hosts = {key: {**host, "target": target} for key, host in FLEET["hosts"].items()}
    return rendered(overlay({"hosts": hosts}, changes or {}), FLEET)


def options(plugin: str, **values: Any) -> dict[str, Any]:
    """Return the changes that give a plugin options everywhere."""
    return {"plugins": {plugin: values}}


def on_target(target: Any, key: str = "mail") -> dict[str, Any]:
    """Return the changes that give a host a target."""
    return {"hosts": {key: {"target": target}}}


def settings(daemon: Daemon) -> dict[str, str]:
    """Return the -o settings of a service."""
    return {parameter.name: parameter.value for parameter in daemon.settings}
