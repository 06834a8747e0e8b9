"""Lookup tables: who receives what, and who may send as whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailconf.model.spec import Domain, Host, Spec

SYSTEM_USERS = ("root", "postmaster", "mailer-daemon", "abuse")


@dataclass(frozen=True, slots=True)
class Row:
    """One key with its values, as texthash files hold it."""

    key: str
    values: tuple[str, ...]


def mailboxes(spec: Spec) -> tuple[Row, ...]:
    """Return every mailbox; the value is required but not looked at with an LMTP transport."""
    return tuple(
        Row(domain.address(local), ("OK",)) for domain in spec.hosted for local in domain.mailboxes
    )


def aliases(spec: Spec, host: Host) -> tuple[Row, ...]:
    """Return every alias, and where the host's own system mail goes."""
    rows = [
        Row(domain.address(alias), tuple(map(domain.address, targets)))
        for domain in spec.hosted
        for alias, targets in domain.aliases.items()
    ]
    return (*rows, *_system_mail(spec, host))


def _system_mail(spec: Spec, host: Host) -> Iterator[Row]:
    """Send mail to root@<host> and the like to a postmaster: with no local domain it would loop."""
    postmaster = next((d.address("postmaster") for d in spec.hosted if d.knows("postmaster")), "")
    if postmaster:
        for user in SYSTEM_USERS:
            yield Row(f"{user}@{host.hostname}", (postmaster,))


def sender_logins(spec: Spec) -> tuple[Row, ...]:
    """Return who may use each address as sender: its mailbox, or all mailboxes behind an alias."""
    rows = []
    for domain in spec.hosted:
        for local in (*domain.mailboxes, *domain.aliases):
            owners = tuple(dict.fromkeys(owners_of(spec, domain, local, ())))
            if owners:
                rows.append(Row(domain.address(local), owners))
    return tuple(rows)


def owners_of(spec: Spec, domain: Domain, local: str, seen: tuple[str, ...]) -> Iterator[str]:
    """Yield the mailboxes that receive mail for an address, through aliases of aliases."""
    address = domain.address(local)
    if local in domain.mailboxes:
        yield address
    for target in map(domain.address, domain.aliases.get(local, ())):
        inner, _, name = target.lower().rpartition("@")
        if name in spec.domains and target not in seen:
            yield from owners_of(spec, spec.domains[name], inner, (*seen, address))
