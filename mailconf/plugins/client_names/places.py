"""Where mail programs of a domain ask, and whether what they are told is in the spec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailconf.model.domain import Domain
from mailconf.model.endpoint import Endpoint
from mailconf.model.finding import Finding, Rule
from mailconf.model.plugin import View
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.world import ConnectionRejected, Inconclusive, World
from mailconf.plugins.client_names.announced import Announced, told
from mailconf.plugins.client_names.options import ClientNamesOptions

OK, UNAUTHORIZED = 200, 401
REDIRECTS = (301, 302, 303, 307, 308)
Options = View[ClientNamesOptions]


@dataclass(frozen=True, slots=True)
class Location:
    """A URL at which mail programs of a domain ask."""

    domain: Domain
    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def where(self) -> tuple[str, ...]:
        """The place in the spec that declares it."""
        return "domains", self.domain.name, "client_names"


async def fetched(at: Location, url: str, xml: str, world: World) -> Page:
    """Fetch, or post; a refusal has status 0.

    Raises Inconclusive where a login is wanted, or somebody else is to be asked.
    """
    try:
        page = await world.ask(PageRequest(url, xml))
    except ConnectionRejected:
        return Page(0, "", "")
    if page.status == UNAUTHORIZED:
        raise Inconclusive(f"{at.url} requires authentication")
    if page.status in REDIRECTS:
        raise Inconclusive(f"{at.url} answered {page.status}; redirects are not followed")
    return page


def not_had(page: Page, at: Location, unserved: Rule, untrusted: Rule) -> Iterator[Finding]:
    """Yield why clients do not get, or do not take, what a server has."""
    if page.tls and page.tls.fault:
        yield untrusted.at(at, at.where, url=at.url, why=page.tls.fault)
    if page.status != OK:
        yield unserved.at(at, at.where, url=at.url, status=page.status or "none")


def compared(
    rule: Rule, found: tuple[Announced, ...], points: tuple[Endpoint, ...], at: Location
) -> Iterator[Finding]:
    """Yield servers that the spec does not have, and that some to read or to send is missing."""
    for one in found:
        like = [point for point in points if point.protocol.family == one.family]
        if one.host and not one.is_one_of(points):
            yield rule.at(at, at.where, url=at.url, got=one, want=told(like) or "none")
    families = {one.family for one in found}
    for word, wanted in (("to read from", {"imap", "pop3"}), ("to send through", {"smtp"})):
        like = [point for point in points if point.protocol.family in wanted]
        if like and not families & wanted:
            yield rule.at(at, at.where, url=at.url, got=f"no server {word}", want=told(like))
