"""Accounts as Dovecot's passwd-files hold them: who is stored where, and who may log in."""

from __future__ import annotations

from dataclasses import dataclass

from mailconf.model.crowds import sole_mailbox
from mailconf.model.domain import Domain
from mailconf.model.secret import marked
from mailconf.model.spec import Spec
from mailconf.plugins.dovecot.duty import Duty

VMAIL_UID = 5000
MAIL_ROOT = "/var/vmail"
VMAIL = "vmail"
"""The account that owns all mail and runs Sieve scripts."""


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox; `password` is a marked reference or empty, `extra` are fields for the userdb."""

    address: str
    password: str
    extra: str


def accounts(duty: Duty) -> tuple[Account, ...]:
    """Return every mailbox of every domain that lies here."""
    return tuple(
        Account(
            address=domain.address(local),
            password=marked(mailbox.password, "passwd-field") if mailbox.password else "",
            extra=_quota(duty, mailbox.quota),
        )
        for domain in duty.domains
        for local, mailbox in domain.mailboxes.items()
    )


def aliases(duty: Duty) -> tuple[Account, ...]:
    """Return every alias of one mailbox that lies here, under the name of that mailbox.

    Only the quota policy reads them: it is asked for the address to which mail is sent.
    """
    extra = {account.address: account.extra for account in accounts(duty)}
    found = ((alias, sole_mailbox(duty.spec, alias)) for alias in duty.spec.aliases.targets)
    return tuple(
        Account(alias, "", f"userdb_user={owner} {extra[owner]}".strip())
        for alias, owner in found
        if owner in extra
    )


def catch_alls(duty: Duty) -> tuple[Account, ...]:
    """Return every domain whose unlisted addresses one mailbox here receives, under its name.

    As with aliases, only the quota policy reads them.
    """
    extra = {account.address: account.extra for account in accounts(duty)}
    found = ((d.name, _caught_by(duty.spec, d)) for d in duty.spec.hosted if d.catch_all)
    return tuple(
        Account(name, "", f"userdb_user={owner} {extra[owner]}".strip())
        for name, owner in found
        if owner in extra
    )


def _caught_by(spec: Spec, domain: Domain) -> str:
    """Return the one mailbox that a catch-all leads to, or an empty text."""
    targets = [spec.aliases.looked_up(domain.address(one)) for one in domain.catch_all or ()]
    if len(targets) != 1:
        return ""
    return sole_mailbox(spec, targets[0]) or targets[0]


def _quota(duty: Duty, octets: int | None) -> str:
    """Write a mailbox's own limit in the dialect of the target."""
    if octets is None:
        return ""
    if duty.is_2_4:
        return f"userdb_quota_storage_size={octets}B"
    return f"userdb_quota_rule=*:bytes={octets}"
