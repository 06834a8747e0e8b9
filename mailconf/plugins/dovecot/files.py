"""dovecot.conf and the account files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Certificate, Directory, Need, Package, Render, User
from mailconf.model.plugin import View
from mailconf.model.spec import Host
from mailconf.plugins.dovecot.accounts import MAIL_ROOT, VMAIL_UID, accounts
from mailconf.plugins.dovecot.listeners import Login, logins
from mailconf.plugins.dovecot.options import DovecotOptions

DIRECTORY = PurePosixPath("etc/dovecot")
PACKAGES = {"imap": "dovecot-imapd", "pop3": "dovecot-pop3d"}


@dataclass(frozen=True, slots=True)
class DovecotData:
    """What dovecot.conf prints."""

    host: Host
    logins: tuple[Login, ...]
    uid: int
    mail_root: str


def daemon_files(view: View[DovecotOptions], host: Host) -> Iterator[Render]:
    """Order everything that Dovecot reads on one host."""
    offered = logins(view.spec.endpoints_of(host))
    data = DovecotData(host, offered, VMAIL_UID, MAIL_ROOT)
    users = accounts(view.spec)
    path = DIRECTORY / "dovecot.conf"
    needs = _needs(host, offered)
    yield Render(host.key, path, "dovecot-2.3.conf.j2", data, "dovecot", needs=needs)
    yield Render(host.key, DIRECTORY / "users", "users.j2", users, "dovecot")
    yield Render(
        host.key,
        DIRECTORY / "passwords",
        "passwords.j2",
        tuple(user for user in users if user.password),
        "dovecot",
        group="dovecot",
        mode=0o640,
    )


def _needs(host: Host, offered: tuple[Login, ...]) -> tuple[Need, ...]:
    packages = [Package(PACKAGES[login.family]) for login in offered if login.is_open]
    return (
        Package("dovecot-lmtpd"),
        *packages,
        User("vmail", VMAIL_UID, MAIL_ROOT),
        Directory(MAIL_ROOT, "vmail", "vmail", 0o750),
        Certificate(host.tls.certificate, host.tls.private_key, host.hostname),
    )
