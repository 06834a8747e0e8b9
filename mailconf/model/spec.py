"""The operator's YAML, as types; only queries, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field

from mailconf.model.base import HostKey, Model
from mailconf.model.dns import Dns
from mailconf.model.domain import Domain
from mailconf.model.endpoint import PROTOCOLS, Endpoint, Protocol, ProtocolName
from mailconf.model.host import Host, Offer, Role, Service

USUAL_PREFERENCE, BACKUP_PREFERENCE = 10, 20


class Waiver(Model):
    """A finding that the operator accepts, with the reason and perhaps until when."""

    code: str
    where: str = ""
    reason: str = Field(min_length=1)
    until: date | None = None


class Spec(Model):
    """The whole site."""

    version: Literal[1]
    hosts: dict[HostKey, Host] = Field(min_length=1)
    domains: dict[str, Domain] = Field(min_length=1)
    protocols: dict[ProtocolName, Offer] = {}
    dns: Dns = Dns()
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every offered service of every host, implicit TLS before STARTTLS."""
        return tuple(
            Endpoint(
                protocol,
                host.hostname,
                host.addresses,
                service.port,
                _asked_for(self, protocol, host),
                service.proxies,
            )
            for host in self.hosts.values()
            for protocol, service in self.offered_by(host)
        )

    def offered_by(self, host: Host) -> tuple[tuple[Protocol, Service], ...]:
        """Return the protocols that a host offers, with their ports."""
        return tuple(
            (protocol, service)
            for protocol, service in _offered({**self.protocols, **host.protocols})
            if host.offers(protocol)
        )

    def endpoints_of(self, host: Host) -> tuple[Endpoint, ...]:
        """Return the services of one host."""
        return tuple(point for point in self.endpoints if point.host == host.hostname)

    def client_endpoints(self, domain: Domain) -> tuple[Endpoint, ...]:
        """Return what users of a domain connect to: its own store, and every submission host."""
        store = self.store_of(domain)
        points = tuple(
            point
            for host in self.hosts.values()
            for point in self.endpoints_of(host)
            if point.protocol.is_submission or (host is store and point.protocol.family != "smtp")
        )
        if not domain.client_host:
            return points
        return tuple(replace(point, host=domain.client_host) for point in points)

    def hosts_with(self, *roles: Role) -> tuple[Host, ...]:
        """Return the hosts that have one of these roles, in the order of the spec."""
        return tuple(host for host in self.hosts.values() if host.is_(*roles))

    def store_of(self, domain: Domain) -> Host | None:
        """Return the host that keeps a domain's mailboxes; None when the spec names none."""
        stores = self.hosts_with("mailstore")
        if domain.store:
            return next((host for host in stores if host.key == domain.store), None)
        return stores[0] if stores else None

    @property
    def hosted(self) -> tuple[Domain, ...]:
        """The domains that receive mail here."""
        return tuple(domain for domain in self.domains.values() if domain.is_hosted)

    def mx_of(self, domain: Domain) -> tuple[tuple[int, Host], ...]:
        """Return preference and host of those that accept mail for `domain`, best first."""
        if not domain.is_hosted:
            return ()
        wanted = domain.mx or {host.key: USUAL_PREFERENCE for host in self.hosts_with("mx")} | {
            host.key: BACKUP_PREFERENCE for host in self.hosts_with("backup-mx")
        }
        known = ((number, self.hosts[key]) for key, number in wanted.items() if key in self.hosts)
        return tuple(sorted(known, key=lambda pair: (pair[0], pair[1].hostname)))

    def is_mx(self, host: Host) -> bool:
        """Tell whether other servers deliver to a host."""
        return any(host is other for domain in self.hosted for _, other in self.mx_of(domain))

    @property
    def web(self) -> Host | None:
        """The host that serves client configuration and policies; None when no host has the role."""
        return next(iter(self.hosts_with("web")), None)

    @property
    def egress(self) -> tuple[Host, ...]:
        """The hosts from which mail leaves: the relays where there are any, else all that handle it."""
        return self.hosts_with("relay") or tuple(h for h in self.hosts.values() if h.is_mta)

    def senders_through(self, relay: Host) -> tuple[Host, ...]:
        """Return the hosts that hand their outgoing mail to a relay: all that send not themselves."""
        if not relay.is_("relay"):
            return ()
        return tuple(h for h in self.hosts.values() if h.is_mta and h not in self.egress)

    def hosts_not_judged_by(self, host: Host) -> tuple[Host, ...]:
        """Return our hosts whose mail no filter of `host` may judge.

        Backup MX hosts have judged what they hand over; what our senders hand over to a relay is
        not signed yet. Seen from here, both would look forged.
        """
        backups = (backup for backup in self.hosts_with("backup-mx") if backup is not host)
        return *backups, *self.senders_through(host)


def _offered(
    protocols: Mapping[ProtocolName, Service | None],
) -> Iterator[tuple[Protocol, Service]]:
    for protocol in PROTOCOLS:
        usual = Service(port=protocol.port) if protocol.offered else None
        service = protocols.get(protocol.name, usual)
        if service:
            yield protocol, service


def _asked_for(spec: Spec, protocol: Protocol, host: Host) -> tuple[str, ...]:
    if protocol.name in host.protocols:
        return ("hosts", host.key, "protocols", protocol.name)
    named = protocol.name in spec.protocols
    return ("protocols", protocol.name) if named else ("hosts", host.key)
