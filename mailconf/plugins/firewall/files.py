"""nftables.conf."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import PurePosixPath

from mailconf.model.artifact import Checker, Need, Package, Port, Render, Unit
from mailconf.model.crowds import speaking_for_others
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.firewall import LocalService, MailClient, OpenPort
from mailconf.model.spec import Spec
from mailconf.plugins.firewall.options import FirewallOptions
from mailconf.plugins.firewall.ports import crowds, ports

TEST = Checker(("nft", "-c", "-f", "/etc/nftables.conf"))
PATH = PurePosixPath("etc/nftables.conf")
# Its stop flushes the tables of all others, of containers for example, so it never restarts.
UNIT = Unit("nftables", "reload", "reload-or-restart")
# LMTP and SMTP: hosts elsewhere may offer them, too.
MAIL = (24, 25)
FAMILIES = ((4, "ip"), (6, "ip6"))
TYPES = {"ip": "ipv4_addr", "ip6": "ipv6_addr"}


@dataclass(frozen=True, slots=True)
class Opening:
    """One rule: ports, open to one address family's sources, or to everybody."""

    ports: tuple[int, ...]
    family: str = ""
    sources: tuple[str, ...] = ()
    protocol: str = "tcp"
    last: int = 0
    """Where a range ends that begins with the one port."""

    def __str__(self) -> str:
        source = f"{self.family} saddr {{ {', '.join(self.sources)} }} " if self.sources else ""
        # A range has a rule of its own: ports of one set must not overlap.
        ports = f"{self.ports[0]}-{self.last}" if self.last else ", ".join(map(str, self.ports))
        return f"{source}{self.protocol} dport {{ {ports} }} accept"


@dataclass(frozen=True, slots=True)
class Crowd:
    """One rule: how many connections a source may have to a port.

    A source is an IPv4 address, or a /64 of IPv6: as much as one customer has at least. The set
    is the rule's memory (nft(8), ct count).
    """

    port: int
    family: str
    most: int
    own: str = ""

    @property
    def name(self) -> str:
        """The name of the set."""
        return f"{self.family}_sources_{self.port}"

    @property
    def type(self) -> str:
        """The type of the set's elements."""
        return TYPES[self.family]

    def __str__(self) -> str:
        own = f"{self.family} saddr != @{self.own} " if self.own else ""
        mask = "" if self.family == "ip" else " & ffff:ffff:ffff:ffff::"
        counted = f"{self.family} saddr{mask} ct count over {self.most}"
        return (
            f"{own}tcp dport {self.port} ct state new add @{self.name} {{ {counted} }}"
            " reject with tcp reset"
        )


@dataclass(frozen=True, slots=True)
class OwnHosts:
    """A set of our own hosts' addresses of one family."""

    family: str
    addresses: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the set."""
        return f"{self.family}_own_hosts"

    @property
    def type(self) -> str:
        """The type of the set's elements."""
        return TYPES[self.family]


@dataclass(frozen=True, slots=True)
class Restricted:
    """One rule: the ports of services that only some users of the host may connect to."""

    ports: tuple[int, ...]
    users: tuple[str, ...]
    at: str = "oif lo"

    def __str__(self) -> str:
        ports, users = ", ".join(map(str, self.ports)), '", "'.join(self.users)
        match = f"{self.at} tcp dport {{ {ports} }} ct state new"
        return f'{match} meta skuid != {{ "{users}" }} reject with tcp reset'


@dataclass(frozen=True, slots=True)
class Ruleset:
    """What the table holds: first who has too many connections, then what is open."""

    own: tuple[OwnHosts, ...]
    crowds: tuple[Crowd, ...]
    openings: tuple[Opening, ...]
    local: tuple[Restricted, ...] = ()
    mail: Restricted | None = None
    """Who alone connects to MTAs and stores elsewhere, where an MTA asks for it."""


def ruleset(view: View[FirewallOptions], host: Host) -> Iterator[Render]:
    """Order the ruleset of a host; it replaces its own table only."""
    found = ports(view, host)
    needs: tuple[Need, ...] = (Package("nftables"), UNIT, TEST, *found)
    own = tuple(own_hosts(view.spec, host))
    mtas = tuple(client.user for client in view.requests_on(host).of(MailClient))
    users = ("root", *mtas, *view.for_host(host).smtp_users) if mtas else ()
    local = tuple(local_services(view.requests_on(host).of(LocalService), mtas))
    crowded = tuple(limited(crowds(view, host), own))
    mail = Restricted(mta_ports(view), tuple(dict.fromkeys(users)), at="oif != lo")
    data = Ruleset(own, crowded, tuple(openings(found)), local, mail if mtas else None)
    yield Render(host.key, PATH, "nftables.conf.j2", data, "nftables", mode=0o755, needs=needs)


def mta_ports(view: View[FirewallOptions]) -> tuple[int, ...]:
    """Return the ports on which hosts of the site trust each other's MTAs, the same on every host."""
    key = "firewall", "ports of MTAs"
    if key not in view.spec.derived:
        asked = view.requests.of(OpenPort)
        view.spec.derived[key] = tuple(sorted({*MAIL, *(one.port for one in asked if one.by_mta)}))
    found: tuple[int, ...] = view.spec.derived[key]
    return found


def local_services(asked: Iterable[LocalService], mtas: tuple[str, ...]) -> Iterator[Restricted]:
    """Yield a rule for each set of users, with all ports that are for them."""
    users_of: dict[int, dict[str, None]] = defaultdict(lambda: dict.fromkeys(("root", *mtas)))
    for one in asked:
        users_of[one.port].update(dict.fromkeys(one.users))
    by_users: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for port, users in sorted(users_of.items()):
        by_users[tuple(users)].append(port)
    for together, found in sorted(by_users.items()):
        yield Restricted(tuple(found), together)


def own_hosts(spec: Spec, host: Host) -> Iterator[OwnHosts]:
    """Yield, by family, the hosts that bring the mail or the logins of many clients."""
    found = speaking_for_others(spec, host)
    for version, family in FAMILIES:
        addresses = tuple(str(address) for address in found if address.version == version)
        if addresses:
            yield OwnHosts(family, addresses)


def limited(found: tuple[tuple[int, int], ...], own: tuple[OwnHosts, ...]) -> Iterator[Crowd]:
    """Yield the rule of each public port and family."""
    exempt = {one.family: one.name for one in own}
    for port, most in found:
        for _, family in FAMILIES:
            yield Crowd(port, family, most, exempt.get(family, ""))


def openings(found: tuple[Port, ...]) -> Iterator[Opening]:
    """Yield the rules: first what everybody may reach, then what only some may."""
    for protocol in ("tcp", "udp"):
        own = [port for port in found if port.protocol == protocol and not port.sources]
        single = tuple(port.number for port in own if not port.last)
        if single:
            yield Opening(single, protocol=protocol)
        for port in own:
            if port.last:
                yield Opening((port.number,), protocol=protocol, last=port.last)
    for port in found:
        for version, family in FAMILIES:
            sources = apart(s for s in port.sources if ip_network(s).version == version)
            if sources:
                yield Opening((port.number,), family, sources, port.protocol, port.last)


def apart(sources: Iterable[str]) -> tuple[str, ...]:
    """Leave out networks inside others: nft refuses a set whose members overlap."""
    networks = {source: ip_network(source) for source in sources}
    wide = [network for network in networks.values() if network.num_addresses > 1]
    return tuple(
        source
        for source, network in networks.items()
        if not any(network != other and network.subnet_of(other) for other in wide)  # type: ignore[arg-type]
    )
