"""main.cf, master.cf and the lookup tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from mailconf.formats.postfix import PostfixSyntaxError
from mailconf.model.artifact import Checker, Need, Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.mta import SrsDomain, StartAfter
from mailconf.model.secret import marked
from mailconf.plugins.postfix import tables
from mailconf.plugins.postfix.certificates import certificates
from mailconf.plugins.postfix.duty import Duty, written_at
from mailconf.plugins.postfix.main import main_cf
from mailconf.plugins.postfix.master import master_cf
from mailconf.plugins.postfix.options import PostfixOptions
from mailconf.plugins.postfix.restarting import kept_values
from mailconf.plugins.postfix.review import Reviewer
from mailconf.plugins.postfix.tables import Row

DIRECTORY = PurePosixPath("etc/postfix")
# A table is written where main.cf names it.
TABLES: dict[str, Callable[[Duty], tuple[Row, ...]]] = {
    "virtual_mailbox_domains": tables.domains,
    "virtual_mailboxes": tables.mailboxes,
    "virtual_aliases": tables.aliases,
    "transport": tables.transports,
    "relay_domains": tables.domains,
    "relay_recipients": tables.recipients,
    "sender_logins": tables.sender_logins,
    "quota_asked": tables.quota_asked,
    "backup_hosts": tables.backups,
    "external_domains": tables.external_domains,
    "known_recipients": tables.known_recipients,
    "sender_relayhosts": tables.sender_relayhosts,
    "sender_transports": tables.sender_transports,
    "tls_policy": tables.tls_policies,
}


# Tables of patterns for headers and commands.
PATTERNS = ("header_checks", "smtp_header_checks", "smtpd_commands", "submission-cleanup")
# Tables whose results are no addresses.
RESULTS = ("tls_policy", "transport", "sender_relayhosts", "sender_transports")


def daemon_files(view: View[PostfixOptions], host: Host) -> Iterator[Render]:
    """Order everything that Postfix reads on one host."""
    duty = Duty.of(view, host)
    if not host.is_mta:
        return
    try:
        main, master = main_cf(duty), master_cf(duty)
    except PostfixSyntaxError:
        return  # lint says what is wrong with the operator's own services
    where = written_at(view, host)
    written = {name: (*where, "main_cf", name) for name in duty.options.main_cf}
    own = (*where, "master_cf") if duty.options.master_cf else ()
    seen = Reviewer(view.spec, host, f"{main}{master}", written, f"{main}", own)
    yield Render(
        host.key, DIRECTORY / "main.cf", "main.cf.j2", main, "postfix",
        needs=tuple(_needs(duty)), review=seen.main_cf, restart_on=kept_values,
    )  # fmt: skip
    yield Render(
        host.key, DIRECTORY / "master.cf", "master.cf.j2", master, "postfix",
        review=seen.master_cf,
    )  # fmt: skip
    yield from _table_files(duty, f"{main}{master}")
    yield from _start_order(duty)
    yield from _special_tables(duty)


def _table_files(duty: Duty, named: str) -> Iterator[Render]:
    """Order the tables that main.cf or master.cf name."""
    for name, rows in TABLES.items():
        if re.search(rf"{re.escape(tables.table(name))}(?![\w-])", named):
            template = "lookup.j2" if name in RESULTS else "table.j2"
            yield _order(duty.host, name, template, rows(duty))
    for name in PATTERNS:
        if f"regexp:{tables.DIRECTORY}/{name}" in named:
            yield _order(duty.host, name, f"{name}.j2", tables.backup_names(duty))


def _special_tables(duty: Duty) -> Iterator[Render]:
    """Order the table of certificates by name, and the one that holds passwords."""
    yield _order(duty.host, "own_names", "own_names.j2", tables.own_names(duty))
    if duty.external and duty.submissions:
        yield _order(duty.host, "own_logins", "own_logins.j2", tables.own_logins(duty))
    if duty.knows("local_login_sender_maps"):
        given = tables.local_senders(duty)
        yield _order(duty.host, "local_login_senders", "local_login_senders.j2", given)
    srs = tuple(asked.domain.replace(".", "[.]") for asked in duty.requested(SrsDomain))
    if srs:
        yield _order(duty.host, "srs_recipients", "srs_recipients.j2", srs)
    names, logins = tables.sni_names(duty), tables.sasl_passwords(duty)
    if names:
        yield _order(duty.host, "sni", "sni.j2", names)
    if logins:
        rows = tuple(
            (sender, user, marked(secret, "sasl-password")) for sender, user, secret in logins
        )
        path = DIRECTORY / "sasl_passwords"
        yield Render(duty.host.key, path, "sasl_passwords.j2", rows, "postfix", mode=0o600)


def _start_order(duty: Duty) -> Iterator[Render]:
    """Order drop-ins: until its milters and tables answer, Postfix would put all mail off.

    Debian runs the instance as postfix@-.service up to 12, and as postfix.service from 13 on.
    """
    services = tuple(dict.fromkeys(asked.unit for asked in duty.requested(StartAfter)))
    for unit in ("postfix.service", "postfix@-.service") if services else ():
        path = PurePosixPath("etc/systemd/system", f"{unit}.d", "mailconf.conf")
        yield Render(duty.host.key, path, "after.conf.j2", services, "postfix")


def _order(host: Host, name: str, template: str, data: object) -> Render:
    return Render(host.key, DIRECTORY / name, template, data, "postfix")


def _needs(duty: Duty) -> Iterator[Need]:
    yield Package("postfix")
    yield Unit("postfix", "reload")
    for option in ("-n", "-M", "-P"):
        yield Checker(("postconf", option))
    if tables.sasl_passwords(duty):
        yield Package("libsasl2-modules")
    yield from certificates(duty)
