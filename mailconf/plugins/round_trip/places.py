"""Where whom to log in: what access and checks both look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from mailconf.model.client_services import client_endpoints
from mailconf.model.domain import Domain
from mailconf.model.endpoint import Endpoint, EndpointAddress, Family
from mailconf.model.host import Host
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.model.questions.delivery import ProbeRoute
from mailconf.model.questions.logins import Account
from mailconf.plugins.round_trip.options import RoundTripOptions

Options = View[RoundTripOptions]
NOT_LET_IN = ("530", "534", "535", "538")
"""What RFC 4954 §6 has for logins that fail; they are judged elsewhere."""


@dataclass(frozen=True, slots=True)
class LoginAt:
    """One account at one listener."""

    at: EndpointAddress
    account: Account

    def __str__(self) -> str:
        return f"{self.at} as {self.account}"

    @property
    def where(self) -> Path:
        """The spec path that asks for it."""
        return where_of(self.account)


def where_of(account: Account) -> Path:
    """Return the spec path of a login."""
    return ("plugins", "round_trip", "logins", account.address)


def accounts(view: Options) -> Iterator[tuple[Account, Domain]]:
    """Yield every login of a hosted domain."""
    hosted = {domain.name: domain for domain in view.spec.hosted}
    for address, password in view.options.logins.items():
        domain = hosted.get(address.rpartition("@")[2])
        if domain:
            others = _others(view, domain, address)
            yield Account(address, password, *islice(others, 1)), domain


def _others(view: Options, domain: Domain, address: str) -> Iterator[str]:
    """Yield the mailboxes that a user may not send as: its own domain's first.

    Without any it is tried whether it may send as a stranger.
    """
    local = address.rpartition("@")[0]
    mailbox = domain.mailboxes.get(local)
    if not mailbox or mailbox.send_as or domain.catch_all:
        return  # who owns what is not known from here
    for other in chain((domain,), (one for one in view.spec.hosted if one is not domain)):
        for name in other.mailboxes:
            if other is not domain or name != local:
                yield other.address(name)


def points(view: Options, domain: Domain, *families: Family) -> Iterator[Endpoint]:
    """Yield what users of a domain connect to, as far as anybody may: not behind a load balancer."""
    for point in client_endpoints(view.spec, domain):
        if point.protocol.family in families and not point.proxies:
            yield point


def logins(view: Options, *families: Family) -> Iterator[LoginAt]:
    """Yield every account at every address of its services of some families."""
    for account, domain in accounts(view):
        for point in points(view, domain, *families):
            for address in point.addresses:
                yield LoginAt(EndpointAddress(point, address), account)


def from_outside(view: Options) -> Iterator[ProbeRoute]:
    """Yield a trip of a stranger to the first account of each domain, by every address of its MX hosts."""
    for trip in _first_trips(view):
        for host in _mx_hosts(view, trip):
            for point in view.spec.endpoints_of(host):
                if point.protocol.name == "smtp" and not point.proxies:
                    for address in point.addresses:
                        yield replace(trip, by=EndpointAddress(point, address))


def _first_trips(view: Options) -> Iterator[ProbeRoute]:
    seen: set[str] = set()
    for trip in trips(view):
        if trip.account.domain not in seen:
            seen.add(trip.account.domain)
            yield trip


def _mx_hosts(view: Options, trip: ProbeRoute) -> Iterator[Host]:
    """Yield the MX hosts of an account's domain that are ours."""
    domain = view.spec.domains[trip.account.domain]
    return (host for _, host in view.spec.mx_of(domain) if host.is_("mx"))


def at_every_door(view: Options) -> Iterator[ProbeRoute]:
    """Yield a trip of the first account of each domain through every service that takes mail, once each.

    What is found there is a matter of the daemon, not of the address.
    """
    seen: set[str] = set()
    domains: set[str] = set()
    for trip in trips(view):
        hosts = _mx_hosts(view, trip) if trip.account.domain not in domains else ()
        domains.add(trip.account.domain)
        ports = [
            p for host in hosts for p in view.spec.endpoints_of(host) if p.protocol.name == "smtp"
        ]
        doors = (trip.by, *(EndpointAddress(p, p.addresses[0]) for p in ports if not p.proxies))
        for door in doors:
            if str(door.endpoint) not in seen:
                seen.add(str(door.endpoint))
                yield replace(trip, by=door)


def trips(view: Options) -> Iterator[ProbeRoute]:
    """Yield a trip for every address of every submission service: each is read over every protocol."""
    for account, domain in accounts(view):
        readers = tuple(
            EndpointAddress(point, point.addresses[0])
            for point in points(view, domain, "imap", "pop3")
        )
        for point in points(view, domain, "smtp") if readers else ():
            for address in point.addresses:
                yield ProbeRoute(
                    account, EndpointAddress(point, address), readers, view.options.within
                )
