"""Live check that certificates can be renewed over port 80 (HTTP-01, RFC 8555 §8.3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from mailconf.model.endpoint import Address, EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.plugin import Check, View
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.questions.ports import PortProbe
from mailconf.model.world import ConnectionRejected, Inconclusive, World
from mailconf.plugins.tls_certificates import rules
from mailconf.plugins.tls_certificates.challenge import PATH, PROBE
from mailconf.plugins.tls_certificates.lineages import has_web_server, names_of
from mailconf.plugins.tls_certificates.options import TlsOptions

Options = View[TlsOptions]
OK = 200
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an authority looks: a name of a certificate, at one address of its host."""

    host: Host
    name: str
    address: Address
    is_served: bool
    """A web server runs there; otherwise the port is free until certbot needs it."""

    def __str__(self) -> str:
        return f"http://{self.name}:80 [{self.address}]"


def places(view: Options) -> Iterator[Place]:
    """Yield every name behind a web server, and one for each host without; at every address."""
    for host in view.spec.hosts.values():
        names = names_of(view, host) if view.for_host(host).challenge == "http" else ()
        is_served = has_web_server(view, host)
        for name in names if is_served else names[:1]:
            for address in host.addresses:
                yield Place(host, name, address, is_served)


async def challenges_are_answered(view: Options, at: Place, world: World) -> AsyncIterator[Finding]:
    """Fetch the probe that lies beside the tokens, or look whether port 80 is free and open."""
    found = _probed(at, world) if at.is_served else _port_is_free(view, at, world)
    async for finding in found:
        yield finding


async def _probed(at: Place, world: World) -> AsyncIterator[Finding]:
    """A redirect is followed once, as authorities do: whatever the certificate there is worth."""
    url = f"http://{at.name}{PATH}{PROBE}"
    try:
        page = await world.ask(PageRequest(url, at=str(at.address)))
        if page.status in REDIRECTS:
            url = url.replace("http:", "https:", 1)
            page = await world.ask(PageRequest(url, at=str(at.address)))
    except ConnectionRejected:
        got = "a refused connection"
    else:
        if page.status == OK and page.body.strip() == at.host.hostname:
            return
        got = _short(page)
    facts = {"url": url, "address": at.address, "host": at.host.hostname, "got": got}
    yield rules.NOT_SERVED.at(at, ("hosts", at.host.key), **facts)


def _short(page: Page) -> str:
    if page.status != OK:
        return f"HTTP status {page.status}"
    return f"HTTP status {page.status} with {page.body.strip()[:60]!r}"


async def _port_is_free(view: Options, at: Place, world: World) -> AsyncIterator[Finding]:
    """A refusal is right: the packet filter lets connections through, and nothing listens yet."""
    try:
        await world.ask(PageRequest(f"http://{at.name}{PATH}{PROBE}", at=str(at.address)))
    except ConnectionRejected:
        return
    except Inconclusive:
        if not await _answers(view, at, world):
            raise
        got = "does not answer, though other ports do"
    else:
        got = "has a listener already"
    facts = {"host": at.host.hostname, "address": at.address, "got": got}
    yield rules.NOT_READY.at(at, ("hosts", at.host.key), **facts)


async def _answers(view: Options, at: Place, world: World) -> bool:
    """Report whether any declared service of the address is reachable from here."""
    knocks = [
        world.ask(PortProbe(EndpointAddress(endpoint, at.address)))
        for endpoint in view.spec.endpoints_of(at.host)
        if not endpoint.proxies
    ]
    return "open" in await asyncio.gather(*knocks)


RENEWAL = (
    Check(
        "tls.renewal", "ACME challenges on port 80 are answered.", places, challenges_are_answered
    ),
)
