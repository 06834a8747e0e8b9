"""A page, from the first address of its host that answers."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from mailconf.formats.names import absolute, relative
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.world import ConnectionRejected, Inconclusive
from mailconf.net import https
from mailconf.net.dial import Place
from mailconf.net.network import Network
from mailconf.net.public import check_public

QUESTION = PageRequest


async def answer(question: PageRequest, network: Network) -> Page:
    """Fetch a page; the same one at the same place is fetched once."""
    url, xml = question.url, question.xml
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or https.PORTS[parts.scheme]
    refused: Exception = Inconclusive(f"{url}: {host} has no address")
    for place in await _places(network, host, port, question.at):
        try:
            key = ("page at", url, xml, place)
            return await network.once.get(key, partial(_page_at, network, url, xml, place))
        except (Inconclusive, ConnectionRejected) as why:
            refused = why
    raise refused


async def _page_at(network: Network, url: str, xml: str, place: Place) -> Page:
    async with network.turn(place.address):
        wanted = https.target(url, place.address, place.port, network.source)
        return await https.fetched(wanted, xml, network.contexts, network.seconds)


async def _places(network: Network, host: str, port: int, at: str) -> tuple[Place, ...]:
    """Return where a web server is reached, the operator's word before that of DNS."""
    connect = network.connect.keys()
    if connect & {host, f"{host}:{port}"} or (at and not connect):
        return (network.place(host, at, port),)
    name = absolute(host)
    found = [await network.names.get(name, rtype) for rtype in ("A", "AAAA")]
    for told in found:
        # autoconfig.<domain> is an alias of the host that --connect names.
        alias = relative(told.alias)
        if connect & {alias, f"{alias}:{port}"}:
            return (network.place(alias, "", port),)
    values = [at] if at else [value for told in found for value in told.values]
    for value in values if network.public_only else ():
        check_public(value, host)
    return tuple(Place(value, port, network.source) for value in values)
