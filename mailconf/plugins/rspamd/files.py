"""The files of local.d, and the private keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from mailconf.formats.dkim_signature import OVERSIGNED
from mailconf.model.artifact import Checker, Directory, Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.mail import SignHostMail, UseSigningKey
from mailconf.model.secret import marked
from mailconf.plugins.rspamd import databases
from mailconf.plugins.rspamd.options import RspamdOptions
from mailconf.plugins.rspamd.requests import is_wanted

LOCAL = PurePosixPath("etc/rspamd/local.d")
KEY_DIRECTORY = "/etc/rspamd/dkim"
NEEDS = (
    Package("rspamd"),
    Unit("rspamd", "reload"),
    Checker(("rspamadm", "configtest"), chatty=True),
    Directory(KEY_DIRECTORY, "root", "_rspamd", 0o750),
    *databases.NEEDS,
)
# What needs Redis, or asks services on the Internet about every message.
OFF = (
    "bayes_expiry",
    "clickhouse",
    "greylist",
    "history_redis",
    "known_senders",
    "neural",
    "ratelimit",
    "replies",
    "url_redirector",
)
# Signed where they occur: mailing lists and resenders may add them.
SIGNED = (
    "sender",
    "message-id",
    "resent-to",
    "resent-cc",
    "resent-from",
    "resent-sender",
    "resent-message-id",
    "list-id",
    "list-help",
    "list-owner",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-subscribe",
    "list-post",
    "list-archive",
)
SIGN_HEADERS = (*(f"(o){name.lower()}" for name in OVERSIGNED), *SIGNED)
FILES = (
    "actions.conf",
    "classifier-bayes.conf",
    "dkim_signing.conf",
    "dmarc.conf",
    "logging.inc",
    "milter_headers.conf",
    "options.inc",
    "settings.conf",
    "worker-controller.inc",
    "worker-normal.inc",
    "worker-proxy.inc",
)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key that signs: for which domain, under which selector, from which secret."""

    domain: str
    selector: str
    type: str
    reference: str

    @property
    def path(self) -> str:
        """Where the private half lies: PEM for RSA, the base64 seed for Ed25519."""
        return f"{KEY_DIRECTORY}/{self.domain}.{self.selector}.key"


@dataclass(frozen=True, slots=True)
class RspamdData:
    """What the templates print; `signers` are the keys by domain, RSA first."""

    options: RspamdOptions
    signers: tuple[tuple[str, tuple[SigningKey, ...]], ...]
    internal: tuple[str, ...]
    """Addresses of our hosts whose mail is signed here without a login."""
    host_names: tuple[tuple[str, str], ...]
    """Names of hosts, each with the domain that signs what it sends itself."""
    backups: tuple[str, ...]
    refuses_local_files: bool
    """rspamd 4 lets clients name files to scan unless told otherwise."""
    sign_headers: tuple[str, ...] = SIGN_HEADERS


def daemon_files(view: View[RspamdOptions], host: Host) -> Iterator[Render]:
    """Order the configuration and one file per private key."""
    if not is_wanted(view, host):
        return
    keys = sorted(signing_keys(view, host), key=lambda k: (k.domain, k.type != "rsa", k.selector))
    data = _data(view, host, tuple(keys))
    for name in FILES:
        yield Render(
            host.key, LOCAL / name, f"{name}.j2", data, "rspamd", needs=NEEDS,
            restart_on=sockets if name.startswith("worker-") else None,
        )  # fmt: skip
    for name in OFF:
        yield Render(host.key, LOCAL / f"{name}.conf", "off.conf.j2", None, "rspamd")
    for key in keys:
        path = PurePosixPath(key.path.lstrip("/"))
        yield Render(
            host.key, path, "private.j2", marked(key.reference, "key"), "rspamd",
            group="_rspamd", mode=0o640,
        )  # fmt: skip


def sockets(text: str) -> dict[str, str]:
    """Return where a worker listens: after a reload the old socket stays open, and is not served."""
    return {
        "bind_socket": " ".join(re.findall(r"^\s*bind_socket\s*=\s*([^;]*)", text, re.MULTILINE))
    }


def signing_keys(view: View[RspamdOptions], host: Host) -> Iterator[SigningKey]:
    """Yield the keys that this signer is to use."""
    for asked in view.requests_on(host).of(UseSigningKey):
        yield SigningKey(asked.domain, asked.selector, asked.key_type, asked.reference)


def _data(view: View[RspamdOptions], host: Host, keys: tuple[SigningKey, ...]) -> RspamdData:
    grouped = groupby(keys, key=lambda key: key.domain)
    senders = view.spec.senders_through(host)
    backups = (h for h in view.spec.hosts_with("backup-mx") if h is not host)
    return RspamdData(
        options=view.options,
        signers=tuple((domain, tuple(group)) for domain, group in grouped),
        internal=tuple(str(a) for sender in senders for a in sender.addresses),
        host_names=tuple(
            (asked.hostname, asked.domain) for asked in view.requests_on(host).of(SignHostMail)
        ),
        backups=tuple(str(a) for backup in backups for a in backup.addresses),
        refuses_local_files=host.target.has("rspamd", "4.0"),
    )
