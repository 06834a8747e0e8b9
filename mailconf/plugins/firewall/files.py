"""nftables.conf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import PurePosixPath

from mailconf.model.artifact import Checker, Need, Package, Port, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.firewall.options import FirewallOptions
from mailconf.plugins.firewall.ports import ports

TEST = Checker(("nft", "-c", "-f", "/etc/nftables.conf"))
PATH = PurePosixPath("etc/nftables.conf")
# Its stop flushes the tables of all others, of containers for example, so it never restarts.
UNIT = Unit("nftables", "reload", "reload-or-restart")


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


def ruleset(view: View[FirewallOptions], host: Host) -> Iterator[Render]:
    """Order the ruleset of a host; it replaces its own table only."""
    found = ports(view, host)
    needs: tuple[Need, ...] = (Package("nftables"), UNIT, TEST, *found)
    data = tuple(openings(found))
    yield Render(host.key, PATH, "nftables.conf.j2", data, "nftables", mode=0o755, needs=needs)


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
        for version, family in ((4, "ip"), (6, "ip6")):
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
