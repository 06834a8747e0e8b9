"""The operator's YAML, as types; only queries, no I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from ipaddress import ip_network
from math import ceil
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from mailconf.formats.names import absolute, domain_above
from mailconf.model.address import WholeAddress
from mailconf.model.aliases import AliasGraph
from mailconf.model.base import Day, HostKey, Model
from mailconf.model.dns import Dns
from mailconf.model.domain import Domain
from mailconf.model.endpoint import PROTOCOLS, Address, Endpoint, Network, Protocol, ProtocolName
from mailconf.model.host import Host, JobName, Jobs, Offers, Role, Service
from mailconf.model.index import HostIndex
from mailconf.model.load import Capacity, Load

HOSTS_MISSING = "hosts_missing"
USUAL_PREFERENCE, BACKUP_PREFERENCE = 10, 20


class Waiver(Model):
    """A finding that the operator accepts, with a reason and an optional end date."""

    code: str
    where: str = ""
    reason: str = Field(min_length=1)
    until: Day | None = None


def _version(value: object) -> object:
    """Refuse true and 1.0, which are equal to 1."""
    if type(value) is not int:
        raise ValueError("1")
    return value


class Spec(Model):
    """The whole site."""

    version: Annotated[Literal[1], BeforeValidator(_version)]
    hosts: dict[HostKey, Host] = {}
    """May be empty where no domain is hosted or sends from here."""
    domains: dict[str, Domain] = Field(min_length=1)
    protocols: Offers = {}
    dns: Dns = Dns()
    system_mail: WholeAddress | None = None
    """Who gets the mail of machines: of root and every other local user, postmaster and abuse there."""
    load: Load = Load()
    waivers: tuple[Waiver, ...] = ()
    jobs: Jobs = {}
    """What does a job on the hosts: a plugin that fills it, or `other`, a program that mailconf does not configure."""

    @field_validator("domains")
    @classmethod
    def _have_hosts(cls, domains: dict[str, Domain], info: ValidationInfo) -> dict[str, Domain]:
        """Refuse domains whose mail is handled here where there is no host."""
        is_handled = any(domain.kind in ("hosted", "send-only") for domain in domains.values())
        if is_handled and info.data.get("hosts") == {}:
            raise PydanticCustomError(HOSTS_MISSING, "hosts are missing")
        return domains

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

    @cached_property
    def apexes(self) -> tuple[frozenset[str], ...]:
        """Where zones may begin, as absolute names: named zones, then domains, then above hosts."""
        hosts = [host.hostname for host in self.hosts.values()]
        clients = [domain.client_host for domain in self.domains.values() if domain.client_host]
        named, above = (
            map(absolute, names)
            for names in (self.dns.zones, map(domain_above, (*hosts, *clients)))
        )
        return frozenset(named), self.own_apexes, frozenset(above)

    @cached_property
    def own_apexes(self) -> frozenset[str]:
        """The domains, as absolute names."""
        return frozenset(map(absolute, self.domains))

    def doer_of(self, job: JobName, host: Host) -> str:
        """Return what does a job on a host: a plugin or `other`; empty where the spec does not say."""
        return host.jobs.get(job) or self.jobs.get(job, "")

    def offered_by(self, host: Host) -> tuple[tuple[Protocol, Service], ...]:
        """Return the protocols that a host offers, with their ports."""
        return tuple(
            (protocol, service)
            for protocol, service in _offered({**self.protocols, **host.protocols})
            if host.offers(protocol)
        )

    @cached_property
    def _index(self) -> HostIndex:
        return HostIndex(tuple(self.hosts.values()), self.endpoints)

    def endpoints_of(self, host: Host) -> tuple[Endpoint, ...]:
        """Return the services of one host."""
        return self._index.services_by_name.get(host.hostname, ())

    def endpoints_at(self, address: Address) -> tuple[Endpoint, ...]:
        """Return the services at one address."""
        return self._index.services_by_address.get(address, ())

    def host_at(self, address: Address) -> Host | None:
        """Return the first host that has an address."""
        return self._index.by_address.get(address)

    def host_named(self, hostname: str) -> Host | None:
        """Return the host of a DNS name."""
        return self._index.by_name.get(hostname)

    def hosts_with(self, *roles: Role) -> tuple[Host, ...]:
        """Return the hosts that have one of these roles, in the order of the spec."""
        if roles not in self._by_roles:
            self._by_roles[roles] = tuple(h for h in self.hosts.values() if h.is_(*roles))
        return self._by_roles[roles]

    @cached_property
    def _by_roles(self) -> dict[tuple[Role, ...], tuple[Host, ...]]:
        return {}

    def store_of(self, domain: Domain) -> Host | None:
        """Return the host that keeps a domain's mailboxes; None when the spec names none."""
        if domain.store:
            host = self.hosts.get(domain.store)
            return host if host and host.is_("mailstore") else None
        return next(iter(self.hosts_with("mailstore")), None)

    def asking_for_logins(self, store: Host) -> tuple[Host, ...]:
        """Return the hosts without mailboxes whose users log in with the passwords of a store."""
        return self._only_sending if store.is_("mailstore") else ()

    @cached_property
    def _only_sending(self) -> tuple[Host, ...]:
        return tuple(h for h in self.hosts_with("submission") if not h.is_("mailstore"))

    def capacity(self, share: float = 1, uncounted: int = 0) -> Capacity:
        """Return the limits for a share of the people; at least `uncounted` where none are declared."""
        people = self.load.users or max(self.mailboxes, uncounted)
        return Capacity(max(1, ceil(people * share)), self.load.devices)

    @cached_property
    def mailboxes(self) -> int:
        """How many mailboxes the spec names."""
        return sum(len(domain.mailboxes) for domain in self.domains.values())

    @cached_property
    def hosted(self) -> tuple[Domain, ...]:
        """The domains that receive mail here."""
        return tuple(domain for domain in self.domains.values() if domain.is_hosted)

    @cached_property
    def derived(self) -> dict[Hashable, Any]:
        """What was derived from the spec for many to use, by what it is and what else it depends on."""
        return {}

    @cached_property
    def aliases(self) -> AliasGraph:
        """The aliases of all domains together: they lead from one to another."""
        return AliasGraph.of(self.domains.values())

    @cached_property
    def hosted_names(self) -> frozenset[str]:
        """The names of those."""
        return frozenset(domain.name for domain in self.hosted)

    @cached_property
    def networks(self) -> frozenset[Network]:
        """The addresses of the hosts, each as a network of one."""
        return frozenset(map(ip_network, self._index.by_address))

    def mx_of(self, domain: Domain) -> tuple[tuple[int, Host], ...]:
        """Return preference and host of those that accept mail for `domain`, best first."""
        if not domain.is_hosted:
            return ()
        return self._preferred(domain.mx) if domain.mx else self._usual_mx

    def returns_of(self, domain: Domain) -> tuple[tuple[int, Host], ...]:
        """Return preference and host of the MX records of a domain that only sends, best first.

        Receivers look them up before they believe that a sender exists. Without `mx` in the spec
        they are published elsewhere.
        """
        return self._preferred(domain.mx) if domain.kind == "send-only" else ()

    @cached_property
    def _usual_mx(self) -> tuple[tuple[int, Host], ...]:
        return self._preferred(
            {host.key: USUAL_PREFERENCE for host in self.hosts_with("mx")}
            | {host.key: BACKUP_PREFERENCE for host in self.hosts_with("backup-mx")}
        )

    def _preferred(self, wanted: Mapping[str, int]) -> tuple[tuple[int, Host], ...]:
        known = ((number, self.hosts[key]) for key, number in wanted.items() if key in self.hosts)
        return tuple(sorted(known, key=lambda pair: (pair[0], pair[1].hostname)))

    def taken_by(self, hostname: str) -> tuple[Domain, ...]:
        """Return the domains for which other servers deliver to a host, by its DNS name."""
        return self._taken.get(hostname, ())

    def is_mx(self, host: Host) -> bool:
        """Tell whether other servers deliver to a host."""
        return host.hostname in self._taken

    @cached_property
    def _taken(self) -> Mapping[str, tuple[Domain, ...]]:
        found: dict[str, list[Domain]] = defaultdict(list)
        for domain in self.hosted:
            for name in dict.fromkeys(host.hostname for _, host in self.mx_of(domain)):
                found[name].append(domain)
        return {name: tuple(domains) for name, domains in found.items()}

    @property
    def web(self) -> Host | None:
        """The host that serves client configuration and policies; None when no host has the role."""
        return next(iter(self.hosts_with("web")), None)

    @cached_property
    def egress(self) -> tuple[Host, ...]:
        """The hosts from which mail leaves: the relays where there are any, else all that handle it."""
        return self.hosts_with("relay") or tuple(h for h in self.hosts.values() if h.is_mta)

    def is_egress(self, host: Host) -> bool:
        """Tell whether mail leaves from a host."""
        return host.key in self._egress_keys

    @cached_property
    def _egress_keys(self) -> frozenset[str]:
        return frozenset(host.key for host in self.egress)

    def senders_through(self, relay: Host) -> tuple[Host, ...]:
        """Return the hosts that hand their outgoing mail to a relay: all that send not themselves."""
        return self._senders if relay.is_("relay") else ()

    @cached_property
    def _senders(self) -> tuple[Host, ...]:
        return tuple(h for h in self.hosts.values() if h.is_mta and not self.is_egress(h))

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
