"""Which ports a host opens, and to whom."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.artifact import Port
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.requests.firewall import ConnectionLimit, OpenPort
from mailconf.plugins.firewall.options import FirewallOptions


def ports(view: View[FirewallOptions], host: Host) -> tuple[Port, ...]:
    """Return the ports of all services, in order; those with `sources` are for these alone."""
    return tuple(sorted({*_services(view, host), *_inner(view, host), *_own(view.for_host(host))}))


def _services(view: View[FirewallOptions], host: Host) -> Iterator[Port]:
    for point in view.spec.endpoints_of(host):
        yield Port(point.port, tuple(map(str, point.proxies)))


def _inner(view: View[FirewallOptions], host: Host) -> Iterator[Port]:
    """Yield the ports that other plugins request."""
    for opened in view.requests_on(host).of(OpenPort):
        yield Port(opened.port, opened.sources)


def crowds(view: View[FirewallOptions], host: Host) -> tuple[tuple[int, int], ...]:
    """Return ports, each with the connections that one source may have there."""
    limits = view.requests_on(host).of(ConnectionLimit)
    return tuple(sorted((limit.port, limit.connections) for limit in limits))


def _own(options: FirewallOptions) -> Iterator[Port]:
    for kept in options.keep_open:
        sources = tuple(map(str, kept.sources or options.keep_open_to))
        last = kept.last if kept.last > kept.first else 0
        yield Port(kept.first, sources, kept.protocol, last)


def inner(view: View[FirewallOptions], host: Host) -> dict[int, tuple[str, ...]]:
    """Return the TCP ports of services that only some may reach, with their sources."""
    found = (*_services(view, host), *_inner(view, host))
    return {port.number: port.sources for port in found if port.sources}
