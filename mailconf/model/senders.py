"""Who may send as which address: what Postfix, the milter and the checks all go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import partial

from mailconf.model.aliases import plain
from mailconf.model.spec import Spec

Owners = dict[str, dict[str, None]]


def sender_logins(spec: Spec, external: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return who may use each address as sender; `@domain` stands for what is not listed there.

    Its mailbox, all mailboxes behind an alias, and whoever the spec lets `send_as` it. A
    catch-all's owner may use what nobody else has. `external` are domains whose users the spec does
    not know all. The first form of an address that is listed counts (postconf(5)
    smtpd_sender_login_maps).
    """
    owners: Owners = {}
    mailbox_of = partial(_mailbox_of, spec, external)
    behind = spec.aliases.behind(mailbox_of)
    for domain in spec.hosted:
        for address in map(domain.address, (*domain.mailboxes, *domain.aliases)):
            found = behind[address] if address in behind else mailbox_of(address)
            owners.setdefault(address, {}).update(dict.fromkeys(found))
        for target in map(plain, map(domain.address, domain.catch_all or ())):
            found = behind[target] if target in behind else mailbox_of(target)
            owners.setdefault(f"@{domain.name}", {}).update(dict.fromkeys(found))
    _delegate(spec, owners)
    return {address: tuple(found) for address, found in owners.items() if found}


def _delegate(spec: Spec, owners: Owners) -> None:
    """Let logins use what they may `send_as`; `@domain` stands for every address there.

    Postfix stops at the first row that matches, so a whole domain is in all of them.
    """
    listed: dict[str, list[str]] = defaultdict(list)
    for address in owners:
        listed[address.rpartition("@")[2]].append(address)
    for domain in spec.hosted:
        for local, mailbox in domain.mailboxes.items():
            for address in map(domain.address, mailbox.send_as):
                _, _, name = address.rpartition("@")
                if address not in owners:
                    owners[address] = {}
                    listed[name].append(address)
                for row in listed[name] if address.startswith("@") else (address,):
                    owners[row][domain.address(local)] = None


def _mailbox_of(spec: Spec, external: Collection[str], address: str) -> tuple[str, ...]:
    """Return an address where it is a mailbox; whom the spec does not know may be one of the store's."""
    local, _, name = address.rpartition("@")
    domain = spec.domains.get(name)
    if domain is None:
        return ()
    is_external = name in external and not domain.knows(local)
    return (address,) if local in domain.mailboxes or is_external else ()
