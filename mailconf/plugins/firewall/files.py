"""nftables.conf."""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class Opening:
    """One rule: TCP ports, open to one address family's sources, or to everybody."""

    ports: tuple[int, ...]
    family: str = ""
    sources: tuple[str, ...] = ()

    def __str__(self) -> str:
        source = f"{self.family} saddr {{ {', '.join(self.sources)} }} " if self.sources else ""
        return f"{source}tcp dport {{ {', '.join(map(str, self.ports))} }} accept"


def ruleset(view: View[FirewallOptions], host: Host) -> Iterator[Render]:
    """Order the ruleset of a host; it replaces its own table only."""
    found = ports(view, host)
    needs: tuple[Need, ...] = (Package("nftables"), Unit("nftables", "reload"), TEST, *found)
    data = tuple(openings(found))
    yield Render(host.key, PATH, "nftables.conf.j2", data, "nftables", mode=0o755, needs=needs)


def openings(found: tuple[Port, ...]) -> Iterator[Opening]:
    """Yield the rules: first what everybody may reach, then what only some may."""
    public = tuple(port.number for port in found if not port.sources)
    if public:
        yield Opening(public)
    for port in found:
        for version, family in ((4, "ip"), (6, "ip6")):
            sources = tuple(s for s in port.sources if ip_network(s).version == version)
            if sources:
                yield Opening((port.number,), family, sources)
