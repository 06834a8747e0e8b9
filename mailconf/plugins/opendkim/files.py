"""opendkim.conf, its tables, and the private keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.formats.dkim_signature import OVERSIGNED
from mailconf.model.artifact import Checker, Directory, Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.mail import SignHostMail, UseSigningKey
from mailconf.model.secret import marked
from mailconf.plugins.opendkim.options import OpendkimOptions
from mailconf.plugins.opendkim.requests import is_wanted
from mailconf.plugins.opendkim.review import SIGNED, Reviewer

KEY_DIRECTORY = "/etc/dkimkeys"
FILES = ("opendkim.conf", "opendkim/keytable", "opendkim/signingtable", "opendkim/setup.lua")
NEEDS = (
    Package("opendkim"),
    Unit("opendkim", "restart"),
    Checker(("opendkim", "-n", "-x", "/etc/opendkim.conf")),
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
    internal: tuple[str, ...]
    """Addresses of our hosts whose mail is signed here without a login."""
    host_names: tuple[tuple[str, str], ...]
    """Names of hosts, each with the selector and domain that sign what it sends itself."""
    oversigned: tuple[str, ...] = OVERSIGNED
    signed: tuple[str, ...] = SIGNED


def daemon_files(view: View[OpendkimOptions], host: Host) -> Iterator[Render]:
    """Order the configuration, both tables and one file per private key."""
    if not is_wanted(view, host):
        return
    keys = tuple(signing_keys(view, host))
    senders = view.spec.senders_through(host)
    data = OpendkimData(
        host=host,
        port=view.options.port,
        keys=keys,
        internal=tuple(str(a) for sender in senders for a in sender.addresses),
        host_names=tuple(_host_names(view, host, keys)),
    )
    for name in FILES:
        path = PurePosixPath("etc", name)
        review = Reviewer(host).opendkim_conf if name == "opendkim.conf" else None
        yield Render(
            host.key, path, f"{path.name}.j2", data, "opendkim", needs=NEEDS, review=review
        )
    for key in keys:
        yield Render(
            host.key,
            PurePosixPath(key.path.lstrip("/")),
            "private.j2",
            marked(key.reference, "key"),
            "opendkim",
            owner="opendkim",
            group="opendkim",
            mode=0o600,
        )


def signing_keys(view: View[OpendkimOptions], host: Host) -> Iterator[SigningKey]:
    """Yield the keys that this signer is to use."""
    for asked in view.requests_on(host).of(UseSigningKey):
        yield SigningKey(asked.domain, asked.selector, asked.reference)


def _host_names(
    view: View[OpendkimOptions], host: Host, keys: tuple[SigningKey, ...]
) -> Iterator[tuple[str, str]]:
    """Yield the names of hosts whose own mail is signed, with the key."""
    first = {key.domain: key for key in reversed(keys)}
    for asked in view.requests_on(host).of(SignHostMail):
        yield asked.hostname, f"{first[asked.domain].selector}._domainkey.{asked.domain}"
