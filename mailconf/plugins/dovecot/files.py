"""dovecot.conf in the dialect of the target, the account files, and Sieve scripts for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from mailconf.model.artifact import (
    Checker,
    Directory,
    Need,
    Package,
    Prepare,
    Render,
    Unit,
    User,
)
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.dovecot.accounts import (
    MAIL_ROOT,
    VMAIL,
    VMAIL_UID,
    accounts,
    aliases,
    catch_alls,
)
from mailconf.plugins.dovecot.certificates import certificates
from mailconf.plugins.dovecot.config import Config
from mailconf.plugins.dovecot.duty import Duty
from mailconf.plugins.dovecot.options import DovecotOptions
from mailconf.plugins.dovecot.passwords import PasswordReviewer
from mailconf.plugins.dovecot.restarting import kept_values
from mailconf.plugins.dovecot.review import Reviewer
from mailconf.plugins.dovecot.system import system_files

DIRECTORY = PurePosixPath("etc/dovecot")
PACKAGES = {"imap": "dovecot-imapd", "pop3": "dovecot-pop3d", "sieve": "dovecot-managesieved"}
TEMPLATES = {"2.3": "dovecot-2.3.conf.j2", "2.4": "dovecot-2.4.conf.j2"}
EXTERNAL = {
    "sql": "sql.conf.ext.j2",
    "ldap": "ldap.conf.ext.j2",
    "oauth2": "oauth2.conf.ext.j2",
}
SQL_PACKAGES = {"mysql": "dovecot-mysql", "pgsql": "dovecot-pgsql", "sqlite": "dovecot-sqlite"}


def daemon_files(view: View[DovecotOptions], host: Host) -> Iterator[Render]:
    """Order everything that Dovecot reads on one host."""
    duty = Duty.of(view, host)
    if not duty.runs:
        return
    config = Config.of(duty)
    order = Render(
        host.key, DIRECTORY / "dovecot.conf", TEMPLATES[config.dialect], config,
        "dovecot", needs=tuple(_needs(duty)), review=Reviewer(host).dovecot_conf,
        restart_on=kept_values,
    )  # fmt: skip
    yield replace(order, group="dovecot", mode=0o640) if config.has_secrets else order
    yield from system_files(duty, config.limits)
    yield from _external_accounts(duty, config)
    if duty.is_store:
        yield from _account_files(duty)
        yield from _sieve_files(duty, config)


def _account_files(duty: Duty) -> Iterator[Render]:
    users = accounts(duty)
    with_password = tuple(user for user in users if user.password)
    yield Render(duty.host.key, DIRECTORY / "users", "users.j2", users, "dovecot")
    if duty.answers_for_quota:
        yield Render(duty.host.key, DIRECTORY / "aliases", "users.j2", aliases(duty), "dovecot")
        caught = catch_alls(duty)
        if caught:
            yield Render(duty.host.key, DIRECTORY / "catch-alls", "users.j2", caught, "dovecot")
    yield Render(
        duty.host.key, DIRECTORY / "passwords", "passwords.j2", with_password, "dovecot",
        group="dovecot", mode=0o640, review=PasswordReviewer(duty.host).passwords,
    )  # fmt: skip


def _external_accounts(duty: Duty, config: Config) -> Iterator[Render]:
    """Order the files that 2.3 wants apart; 2.4 has everything in dovecot.conf."""
    for name in config.external_files:
        yield Render(
            duty.host.key, DIRECTORY / f"dovecot-{name}.conf.ext", EXTERNAL[name], config,
            "dovecot", group="dovecot", mode=0o640,
        )  # fmt: skip


def _sieve_files(duty: Duty, config: Config) -> Iterator[Render]:
    for script in config.scripts:
        path = PurePosixPath(script.path.lstrip("/"))
        compile_it = Prepare(("sievec", script.path))
        yield Render(duty.host.key, path, "script.sieve.j2", script, "dovecot", needs=(compile_it,))
    if config.learn:
        path = DIRECTORY / "sieve/bin/learn"
        yield Render(duty.host.key, path, "learn.j2", config, "dovecot", mode=0o755)


def _needs(duty: Duty) -> Iterator[Need]:
    yield Unit("dovecot", "reload")
    yield Checker(("doveconf", "-n", "-c", "/etc/dovecot/dovecot.conf"))
    if not duty.is_store:
        yield Package("dovecot-core")
        return
    yield Package("dovecot-lmtpd")
    yield Package("dovecot-sieve")
    for login in duty.logins:
        if login.is_open:
            yield Package(PACKAGES[login.family])
    options = duty.options
    if options.sql:
        yield Package(SQL_PACKAGES[options.sql.driver])
    if options.ldap:
        yield Package("dovecot-ldap")
    if options.full_text_search:
        yield Package("dovecot-flatcurve")
    yield User(VMAIL, VMAIL_UID, MAIL_ROOT)
    yield Directory(MAIL_ROOT, VMAIL, VMAIL, 0o750)
    yield from certificates(duty)
