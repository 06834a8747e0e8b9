"""Who may send as which address: what Postfix, the milter and the checks all go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import partial

from mailconf.formats.address import DELIMITER, without_extension
from mailconf.model.spec import Spec

Owners = dict[str, dict[str, None]]


def sender_logins(spec: Spec, external: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return who may use each address as sender; `@domain` stands for what is not listed there.

    Its mailbox, all mailboxes behind an alias, and whoever the spec lets `send_as` it. A
    catch-all's owner may use what the domain does not list; an alias that leads elsewhere has no
    login at all there. `external` are domains whose users the spec does
    not know all. The first form of an address that is listed counts (postconf(5)
    smtpd_sender_login_maps).
    """
    names = frozenset(external)
    key = "sender_logins", names
    if key not in spec.derived:  # every host, and more than one plugin, goes by the same
        spec.derived[key] = _sender_logins(spec, names)
    found: dict[str, tuple[str, ...]] = spec.derived[key]
    return found


def _sender_logins(spec: Spec, external: frozenset[str]) -> dict[str, tuple[str, ...]]:
    owners: Owners = {}
    mailbox_of = partial(_mailbox_of, spec, external)
    behind = spec.aliases.behind(mailbox_of)
    for domain in spec.hosted:
        for address in map(domain.address, (*domain.mailboxes, *domain.aliases)):
            found = behind[address] if address in behind else mailbox_of(address)
            owners.setdefault(address, {}).update(dict.fromkeys(found))
        for target in map(spec.aliases.looked_up, map(domain.address, domain.catch_all or ())):
            found = behind[target] if target in behind else mailbox_of(target)
            owners.setdefault(f"@{domain.name}", {}).update(dict.fromkeys(found))
    _delegate(spec, external, owners)
    return {
        address: tuple(found)
        for address, found in owners.items()
        if found or "@" + address.rpartition("@")[2] in owners
    }


def _delegate(spec: Spec, external: frozenset[str], owners: Owners) -> None:
    """Let logins use what `send_as` names; `@domain` stands for every address there.

    Postfix stops at the first row that matches, and looks for an address with its extension first:
    each row names all who may use the address, those of the rows that it hides as well.
    """
    for address, login in sorted(_delegations(spec), key=lambda pair: DELIMITER in pair[0]):
        if address not in owners:
            owners[address] = dict.fromkeys(_hidden(spec, external, owners, address))
        owners[address][login] = None
    rights: dict[str, list[str]] = defaultdict(list)
    for address, login in _delegations(spec):
        if address.startswith("@"):
            rights[address].append(login)
    for address, found in owners.items():
        found.update(dict.fromkeys(rights.get("@" + address.rpartition("@")[2], ())))


def _delegations(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield each address that a mailbox may send as, with the login."""
    for domain in spec.hosted:
        for local, mailbox in domain.mailboxes.items():
            for address in map(domain.address, mailbox.send_as):
                yield address, domain.address(local)


def _hidden(spec: Spec, external: frozenset[str], owners: Owners, address: str) -> Iterable[str]:
    """Return who may use an address as long as no row names it."""
    local, _, name = address.rpartition("@")
    domain, base = spec.domains.get(name), without_extension(local)
    if not local or not domain or not domain.is_hosted:
        return ()
    if base != local and domain.address(base) in owners:
        return owners[domain.address(base)]
    return _mailbox_of(spec, external, domain.address(base)) or owners.get(f"@{name}", {})


def _mailbox_of(spec: Spec, external: frozenset[str], address: str) -> tuple[str, ...]:
    """Return an address where it is a mailbox; whom the spec does not know may be one of the store's."""
    local, _, name = address.rpartition("@")
    domain = spec.domains.get(name)
    if domain is None:
        return ()
    is_external = name in external and not domain.knows(local)
    return (address,) if local in domain.mailboxes or is_external else ()
