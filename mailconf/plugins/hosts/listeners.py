"""Ports of a host that two daemons have: only one of them starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.model.requests.listeners import Listener
from mailconf.plugins.hosts.options import HostsOptions
from mailconf.plugins.hosts.ports import where_offered

TAKEN = Rule(
    code="PRT019",
    name="port-used-twice",
    severity=Severity.ERROR,
    message="on {host}, {one} and {other} both listen at port {port}; only one of them starts",
    fix="change the port of {other}",
    bad="protocols: {pop3s: {port: 8891}}",
    good="protocols: {pop3s: {port: 995}}",
)


class Place(NamedTuple):
    """Who listens at a port: at one address, or at all where it is empty."""

    address: str
    service: str
    where: Path
    is_protocol: bool = False


def one_listener_each(view: View[HostsOptions], host: Host) -> Iterator[Finding]:
    """Yield each port of a host with two daemons; two mail protocols are PRT012."""
    for port, places in _by_port(view, host).items():
        first: dict[str, Place] = {}
        for place in places:
            # An address is taken by whoever has it, or all; all of them by the first.
            earlier = first.get("") or first.get(place.address)
            if not place.address and first:
                earlier = next(iter(first.values()))
            if earlier and _differ(earlier, place):
                facts = {"one": place.service, "other": earlier.service, "port": str(port)}
                yield TAKEN.at(host.key, earlier.where, host=host.key, **facts)
            first.setdefault(place.address, place)


def _differ(one: Place, other: Place) -> bool:
    are_protocols = one.is_protocol and other.is_protocol
    return not are_protocols and (one.is_protocol or one.service != other.service)


def _by_port(view: View[HostsOptions], host: Host) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for protocol, service in view.spec.offered_by(host):
        place = Place("", protocol.name, (*where_offered(host, protocol.name), "port"), True)
        found.setdefault(service.port, []).append(place)
    for listener, plugin in view.requests_on(host).sources(Listener):
        place = Place(listener.address, listener.service, ("plugins", plugin))
        found.setdefault(listener.port, []).append(place)
    return found
