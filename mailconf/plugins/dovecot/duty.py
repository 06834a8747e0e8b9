"""What Dovecot does on one host; files, settings and checks start from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from mailconf.model.domain import Domain
from mailconf.model.endpoint import PROTOCOLS, Address, Security
from mailconf.model.host import Host, Service, Tls
from mailconf.model.machine_mail import owner_of
from mailconf.model.plugin import View
from mailconf.model.request import Requests
from mailconf.model.spec import Spec
from mailconf.plugins.dovecot.options import DovecotOptions

LMTP_PORT = 24
QUOTA_PORT = 12340
SIEVE_PORT = 10027
"""On the loopback interface: Postfix takes there what Sieve scripts send."""
# What Dovecot calls the protocols and services of a family.
SERVICES = {"imap": "imap", "pop3": "pop3", "sieve": "managesieve"}
PROTOCOL = {"imap": "imap", "pop3": "pop3", "sieve": "sieve"}


@dataclass(frozen=True, slots=True)
class Inet:
    """One inet_listener; port 0 closes it."""

    name: str
    port: int
    is_implicit_tls: bool
    is_proxied: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """One login service, with all its listeners."""

    family: str
    listeners: tuple[Inet, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether any listener has a port."""
        return any(inet.port for inet in self.listeners)

    @property
    def service(self) -> str:
        """The name of the service: imap, pop3 or managesieve."""
        return SERVICES[self.family]

    @property
    def protocol(self) -> str:
        """The name in `protocols`: imap, pop3 or sieve."""
        return PROTOCOL[self.family]


@dataclass(frozen=True, slots=True)
class ServerName:
    """A name that clients ask for by SNI, and the certificate it gets."""

    name: str
    tls: Tls


@dataclass(frozen=True, slots=True)
class AskedStore:
    """A store that is asked for logins, over IMAP inside TLS.

    `domains` are those whose mailboxes lie there; empty where there is no other store.
    """

    hostname: str
    port: int
    domains: tuple[str, ...] = ()


def _domains_of_each(spec: Spec) -> dict[str, list[str]]:
    """Return the names of the domains whose mailboxes lie on each store, by the host's key."""
    key = _domains_of_each
    if key not in spec.derived:  # every host that asks goes by the same
        spec.derived[key] = {}
        for domain in spec.hosted:
            if store := spec.store_of(domain):
                spec.derived[key].setdefault(store.key, []).append(domain.name)
    found: dict[str, list[str]] = spec.derived[key]
    return found


def imaps_of(spec: Spec, host: Host) -> Service | None:
    """Return the service of a store that other hosts can ask; behind a proxy they cannot."""
    offered = {p.name: service for p, service in spec.offered_by(host)}
    found = offered.get("imaps")
    return found if found and not found.proxies else None


@dataclass(frozen=True)
class Duty:
    """A host, its roles, and what other plugins ask of its Dovecot."""

    spec: Spec
    host: Host
    options: DovecotOptions
    requests: Requests

    @classmethod
    def of(cls, view: View[DovecotOptions], host: Host) -> Duty:
        """Return the duty of `host`, with the options in force there."""
        return cls(view.spec, host, view.for_host(host), view.requests_on(host))

    @property
    def is_2_4(self) -> bool:
        """Tell which of the two dialects the host's Dovecot speaks."""
        return self.host.target.has("dovecot", "2.4")

    @property
    def is_store(self) -> bool:
        """Tell whether mailboxes lie here."""
        return self.host.is_("mailstore")

    @property
    def asks_stores(self) -> tuple[AskedStore, ...]:
        """The stores that say whether a password is right, where users only send."""
        if self.is_store or not self.host.is_("submission"):
            return ()
        stores = self.spec.hosts_with("mailstore")
        domains = _domains_of_each(self.spec) if len(stores) > 1 else {}
        asked = ((host, imaps_of(self.spec, host)) for host in stores)
        return tuple(
            AskedStore(host.hostname, imaps.port, tuple(domains.get(host.key, ())))
            for host, imaps in asked
            if imaps and (len(stores) == 1 or host.key in domains)
        )

    @property
    def runs(self) -> bool:
        """Tell whether the host needs Dovecot at all."""
        return self.is_store or bool(self.asks_stores)

    @cached_property
    def domains(self) -> tuple[Domain, ...]:
        """The domains whose mailboxes lie here."""
        if not self.is_store:
            return ()
        return tuple(d for d in self.spec.hosted if self.spec.store_of(d) is self.host)

    @property
    def logins(self) -> tuple[Login, ...]:
        """All login services; a listener left out would open on its default port."""
        offered = {p.name: service for p, service in self.spec.offered_by(self.host)}
        return tuple(
            Login(
                family,
                tuple(
                    _inet(p.name, p.security, offered.get(p.name))
                    for p in PROTOCOLS
                    if p.family == family
                ),
            )
            for family in SERVICES
        )

    @property
    def proxies(self) -> tuple[Address, ...]:
        """The load balancers in front of any login service."""
        services = (s for p, s in self.spec.offered_by(self.host) if p.family in SERVICES)
        return tuple(dict.fromkeys(a for service in services for a in service.proxies))

    @property
    def asking_hosts(self) -> tuple[Host, ...]:
        """The hosts that ask this store for logins: each speaks for all of its clients."""
        return self.spec.asking_for_logins(self.host)

    @property
    def delivers_locally(self) -> bool:
        """Tell whether a Postfix beside it hands mail over."""
        return self.host.is_("mx", "submission")

    @property
    def edges(self) -> tuple[Host, ...]:
        """The other hosts that hand mail over, across a network."""
        found = self.spec.hosts_with("mx", "submission")
        return tuple(host for host in found if host is not self.host)

    @property
    def has_backup(self) -> bool:
        """Tell whether a backup MX asks whether there is room in a mailbox."""
        return bool(self.spec.hosts_with("backup-mx"))

    @property
    def answers_for_quota(self) -> bool:
        """Tell whether any Postfix asks whether there is room in a mailbox here."""
        return self.is_store and (self.delivers_locally or bool(self.edges) or self.has_backup)

    @property
    def has_external_accounts(self) -> bool:
        """Tell whether accounts come from elsewhere too, so that the spec does not know them all."""
        return bool(self.options.sql or self.options.ldap)

    @property
    def names(self) -> tuple[ServerName, ...]:
        """The names of domains that bring a certificate of their own."""
        found = ((d.client_host, d.tls) for d in self.domains)
        return tuple(ServerName(name, tls) for name, tls in found if name and tls)

    @property
    def postmaster(self) -> str:
        """Who stands in mail that the store itself sends."""
        return owner_of(self.spec, self.host) or f"postmaster@{self.host.hostname}"


def _inet(name: str, security: Security, service: Service | None) -> Inet:
    port = service.port if service else 0
    proxied = bool(service and service.proxies)
    return Inet(name, port, security is Security.IMPLICIT_TLS, proxied)


def addresses(hosts: Iterable[Host]) -> tuple[str, ...]:
    """Return all addresses of some hosts, as text."""
    return tuple(str(address) for host in hosts for address in host.addresses)


def inner_ports(duty: Duty) -> Iterator[tuple[int, tuple[Host, ...]]]:
    """Yield the ports of a store that are for our own hosts alone, and for which.

    Edges deliver and ask whether there is room; a backup MX only asks.
    """
    if not duty.is_store:
        return
    asking = (*duty.edges, *duty.spec.hosts_with("backup-mx"))
    for port, hosts in ((LMTP_PORT, duty.edges), (QUOTA_PORT, asking)):
        if hosts:
            yield port, hosts
