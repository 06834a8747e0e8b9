"""Live check of what must not be there: mail services that the spec does not declare."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from mailconf.model.endpoint import PROTOCOLS, Address, Endpoint, EndpointAddress
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import Check, View
from mailconf.model.questions.ports import PortProbe
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.hosts.options import HostsOptions

OPEN = Rule(
    code="PRT017",
    name="port-open-undeclared",
    severity=Severity.WARNING,
    found_by="verify",
    message="port {port} ({name}) is open but not declared in the spec",
    expected="a closed port",
    fix="stop the service or close the port in the firewall; if users need it, declare it",
    ref="RFC 8314 §3, NIST SP 800-123 §4.2",
)


@dataclass(frozen=True, slots=True)
class Door:
    """A host at one of its addresses."""

    host: Host
    address: Address

    def __str__(self) -> str:
        return f"{self.host.hostname} [{self.address}]"


def doors(view: View[HostsOptions]) -> Iterator[Door]:
    """Yield every address once, whichever of the hosts that share it comes first."""
    seen: set[Address] = set()
    for host in view.spec.hosts.values():
        for address in host.addresses:
            if address not in seen:
                seen.add(address)
                yield Door(host, address)


async def other_ports_are_closed(
    view: View[HostsOptions], door: Door, world: World
) -> AsyncIterator[Finding]:
    """Knock at every port of a mail protocol that nobody declares; silence is as good as a refusal.

    Where nothing else answers either, silence says nothing.
    """
    declared = view.spec.endpoints_at(door.address)
    ports = {endpoint.port for endpoint in declared}
    undeclared = [
        EndpointAddress(Endpoint(p, door.host.hostname, (door.address,), p.port, ()), door.address)
        for p in PROTOCOLS
        if p.port not in ports
    ]
    met = await asyncio.gather(*(world.ask(PortProbe(at)) for at in undeclared))
    for at, port in zip(undeclared, met, strict=True):
        if port == "open":
            where = ("hosts", door.host.key)
            yield OPEN.at(door, where, port=at.endpoint.port, name=at.endpoint.protocol.name)
    if "silent" in met and not await _answers(declared, door, world):
        silent = met.count("silent")
        raise Inconclusive(
            f"{silent} ports timed out, and no declared service is reachable at {door.address}"
        )


async def _answers(declared: tuple[Endpoint, ...], door: Door, world: World) -> bool:
    """Tell whether any declared service is to be reached from here."""
    knocks = (
        world.ask(PortProbe(EndpointAddress(endpoint, door.address))) for endpoint in declared
    )
    return "open" in await asyncio.gather(*knocks)


CHECKS = (
    Check(
        "hosts.undeclared-ports",
        "No undeclared mail port accepts connections.",
        doors,
        other_ports_are_closed,
        former=("hosts.closed",),
    ),
)
