"""Lookup tables: who receives what, who may send as whom, and which way mail goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mailconf.model import senders
from mailconf.model.crowds import sole_mailbox
from mailconf.model.domain import Domain
from mailconf.model.host import Tls
from mailconf.model.requests.mta import StoreTransport
from mailconf.plugins.postfix.duty import Duty

DIRECTORY = "/etc/postfix"
IMPLICIT_TLS_CLIENT = "smtps-client"
QUOTA_CLASS = "ask_quota"
NO_LOGIN = ("-",)
"""A value that no login is called: every one is an address."""


class Row(NamedTuple):
    """One key with its values, as texthash files hold it."""

    key: str
    values: tuple[str, ...]


def table(name: str) -> str:
    """Return how main.cf names a table of ours.

    texthash needs no index, so no build of Postfix lacks it and no file can be out of step with
    its index; it is read when a process starts (DATABASE_README).
    """
    return f"texthash:{DIRECTORY}/{name}"


def domains(duty: Duty) -> tuple[Row, ...]:
    """Return the domains whose mail the host takes."""
    return tuple(Row(domain.name, ("OK",)) for domain in duty.domains)


def mailboxes(duty: Duty) -> tuple[Row, ...]:
    """Return every mailbox; the value is required but not looked at with an LMTP transport."""
    return tuple(Row(d.address(local), ("OK",)) for d in duty.domains for local in d.mailboxes)


def recipients(duty: Duty) -> tuple[Row, ...]:
    """Return every address that a backup MX may accept: mailboxes, aliases, catch-alls."""
    rows = []
    for domain in duty.domains:
        known = (*domain.mailboxes, *domain.aliases)
        rows += [Row(domain.address(local), ("OK",)) for local in known]
        rows += [Row(f"@{domain.name}", ("OK",))] if domain.catch_all else []
    return tuple(rows)


def quota_asked(duty: Duty) -> tuple[Row, ...]:
    """Return for whom the store is asked whether there is room: everybody but lists.

    An alias of one mailbox is asked for by its own name: the store knows whose it is.
    """
    rows = [Row(domain.name, (QUOTA_CLASS,)) for domain in duty.domains]
    for address in (d.address(alias) for d in duty.domains for alias in d.aliases):
        if not sole_mailbox(duty.spec, address):
            rows.append(Row(address, ("DUNNO",)))
    return tuple(rows)


def backups(duty: Duty) -> tuple[Row, ...]:
    """Return the hosts that took mail while this one was away, by address."""
    hosts = duty.spec.hosts_with("backup-mx") if duty.host.is_("mx") else ()
    others = (host for host in hosts if host is not duty.host)
    return tuple(Row(str(address), ("OK",)) for host in others for address in host.addresses)


def backup_names(duty: Duty) -> tuple[str, ...]:
    """Return the names of those hosts, for a pattern: they have judged what they hand over."""
    hosts = duty.spec.hosts_with("backup-mx") if duty.host.is_("mx") else ()
    others = (host.hostname for host in hosts if host is not duty.host)
    return tuple(name.replace(".", "[.]") for name in others)


def external_domains(duty: Duty) -> tuple[Row, ...]:
    """Return the domains whose recipients the store alone knows; it is asked for each."""
    return tuple(Row(f"@{domain.name}", ("OK",)) for domain in duty.external)


def known_recipients(duty: Duty) -> tuple[Row, ...]:
    """Return who needs no asking in those domains: whom the spec knows, or everybody by catch-all."""
    rows = []
    for domain in duty.external:
        known = (*domain.mailboxes, *domain.aliases)
        rows += [Row(domain.address(local), ("DUNNO",)) for local in known]
        verdict = "DUNNO" if domain.catch_all else "reject_unverified_recipient"
        rows.append(Row(domain.name, (verdict,)))
    return tuple(rows)


def own_logins(duty: Duty) -> tuple[str, ...]:
    """Return those domains as regular expressions: there each user may send as himself."""
    return tuple(domain.name.replace(".", "[.]") for domain in duty.external)


def aliases(duty: Duty) -> tuple[Row, ...]:
    """Return every alias, and who gets the mail of all local users: without a row it would loop."""
    rows = [row for domain in duty.domains for row in _aliases(domain)] if duty.is_edge else []
    return (*rows, *(Row(f"@{name}", (owner,)) for name, owner in duty.machine_mail))


def _aliases(domain: Domain) -> Iterator[Row]:
    for alias, targets in domain.aliases.items():
        yield Row(domain.address(alias), tuple(map(domain.address, targets)))
    if domain.catch_all:
        # Without a row of its own a mailbox would be caught as well (virtual(5), search order).
        for local in domain.mailboxes:
            yield Row(domain.address(local), (domain.address(local),))
        yield Row(f"@{domain.name}", tuple(map(domain.address, domain.catch_all)))


def own_names(duty: Duty) -> tuple[str, ...]:
    """Return the names of hosts and sending domains looked after here, as regular expressions."""
    sending = frozenset(duty.only_sending)
    names = (n for n, _ in duty.machine_mail if n in sending or duty.spec.host_named(n))
    return tuple(name.replace(".", "[.]") for name in names)


def transports(duty: Duty) -> tuple[Row, ...]:
    """Return the store of each domain, where there are several; a backup MX follows the MX records.

    Without a next hop there the relay would get the mail, and hand it back (transport(5)).
    """
    if duty.is_backup:
        return tuple(Row(domain.name, ("relay:",)) for domain in duty.domains)
    ways = ((domain.name, duty.transport(domain)) for domain in duty.domains)
    return tuple(Row(name, (transport_to(way),)) for name, way in ways if way)


def transport_to(way: StoreTransport) -> str:
    """Return a transport and its next hop (transport(5))."""
    return f"store:inet:[{way.server}]:{way.port}" if way.server else f"lmtp:unix:{way.socket}"


def tls_policies(duty: Duty) -> tuple[Row, ...]:
    """Return how strict TLS is towards relays, providers, and whom the operator names."""
    rows = {hop: _secure(hop) for hop in (*duty.next_hops, *providers(duty))}
    rows |= {key: Row(key, (level,)) for key, level in duty.options.tls_policy.items()}
    return tuple(rows.values())


def _secure(next_hop: str) -> Row:
    name = next_hop.partition("]")[0].lstrip("[")
    return Row(next_hop, (f"secure match={name}",))


def providers(duty: Duty) -> tuple[str, ...]:
    """Return the providers through which mail leaves from here, each once."""
    found = (d.smarthost.next_hop for d in duty.smarthosts if d.smarthost)
    return tuple(dict.fromkeys(found))


def sender_relayhosts(duty: Duty) -> tuple[Row, ...]:
    """Return the provider of each domain, by sender (postconf(5) sender_dependent_relayhost_maps)."""
    return tuple(
        Row(f"@{d.name}", (d.smarthost.next_hop,))
        for d in duty.smarthosts
        if d.smarthost and not d.smarthost.is_implicit_tls
    )


def sender_transports(duty: Duty) -> tuple[Row, ...]:
    """Return the provider of each domain that is reached by implicit TLS, with the client for that.

    It is a service of its own: a relayhost names no client (sender_dependent_default_transport_maps).
    """
    return tuple(
        Row(f"@{d.name}", (f"{IMPLICIT_TLS_CLIENT}:{d.smarthost.next_hop}",))
        for d in duty.smarthosts
        if d.smarthost and d.smarthost.is_implicit_tls
    )


def sasl_passwords(duty: Duty) -> tuple[tuple[str, str, str], ...]:
    """Return sender, user name and password reference for each provider that asks for a login."""
    return tuple(
        (f"@{d.name}", d.smarthost.username, d.smarthost.password)
        for d in duty.smarthosts
        if d.smarthost and d.smarthost.password
    )


def sender_logins(duty: Duty) -> tuple[Row, ...]:
    """Return who may use each address as sender; a row without any login hides that of the catch-all."""
    found = senders.sender_logins(duty.spec, duty.external_names)
    return tuple(Row(address, logins or NO_LOGIN) for address, logins in found.items())


def local_senders(duty: Duty) -> tuple[str, ...]:
    """Return what local accounts may use as envelope sender besides their own name."""
    return ("<>", f"@{duty.host.hostname}", *(address.lower() for address in duty.host.send_as))


@dataclass(frozen=True, slots=True)
class ServerName:
    """A name that clients ask for by SNI, and the certificate it gets."""

    name: str
    tls: Tls


def sni_names(duty: Duty) -> tuple[ServerName, ...]:
    """Return the names of domains that bring a certificate of their own."""
    found = (d for d in duty.spec.hosted if d.client_host and d.tls and duty.submissions)
    return tuple(ServerName(d.client_host, d.tls) for d in found if d.client_host and d.tls)
