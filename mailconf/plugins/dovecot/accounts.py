"""Accounts as Dovecot's passwd-files hold them: who is stored where, and who may log in."""

from __future__ import annotations

from dataclasses import dataclass

from mailconf.model.secret import marked
from mailconf.model.spec import Spec

VMAIL_UID = 5000
MAIL_ROOT = "/var/vmail"


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox; `password` is a marked reference or empty, `quota` is octets or empty."""

    address: str
    password: str
    quota: str


def accounts(spec: Spec) -> tuple[Account, ...]:
    """Return every mailbox of every hosted domain."""
    return tuple(
        Account(
            address=domain.address(local),
            password=marked(mailbox.password) if mailbox.password else "",
            quota=str(mailbox.quota) if mailbox.quota is not None else "",
        )
        for domain in spec.hosted
        for local, mailbox in domain.mailboxes.items()
    )
