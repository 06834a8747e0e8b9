"""opendkim.conf, its tables, and the private keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Directory, Package, Render
from mailconf.model.plugin import View
from mailconf.model.secret import marked
from mailconf.model.spec import Host
from mailconf.plugins.opendkim.options import OpendkimOptions

KEY_DIRECTORY = "/etc/dkimkeys"
NEEDS = (
    Package("opendkim"),
    Package("dns-root-data"),
    Directory(KEY_DIRECTORY, "opendkim", "opendkim", 0o700),
)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key that signs: for which domain, under which selector, from which secret."""

    domain: str
    selector: str
    reference: str

    @property
    def path(self) -> str:
        """Where the private half lies on the host."""
        return f"{KEY_DIRECTORY}/{self.domain}.{self.selector}.private"


@dataclass(frozen=True, slots=True)
class OpendkimData:
    """What the templates print."""

    host: Host
    port: int
    keys: tuple[SigningKey, ...]


def daemon_files(view: View[OpendkimOptions], host: Host) -> Iterator[Render]:
    """Order the configuration, both tables and one file per private key."""
    keys = tuple(signing_keys(view, host))
    data = OpendkimData(host, view.options.port, keys)
    for name in ("opendkim.conf", "opendkim/keytable", "opendkim/signingtable"):
        path = PurePosixPath("etc", name)
        yield Render(host.key, path, f"{path.name}.j2", data, "opendkim", needs=NEEDS)
    for key in keys:
        yield Render(
            host.key,
            PurePosixPath(key.path.lstrip("/")),
            "private.j2",
            marked(key.reference),
            "opendkim",
            owner="opendkim",
            group="opendkim",
            mode=0o600,
        )


def signing_keys(view: View[OpendkimOptions], host: Host) -> Iterator[SigningKey]:
    """Yield the keys that the dkim plugin asks this signer to use: `domain selector` → reference."""
    for setting in view.settings_of(host):
        domain, _, selector = setting.key.partition(" ")
        yield SigningKey(domain, selector, setting.value)
