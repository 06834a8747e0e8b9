"""Live checks: every page is there, under each of its names and at each address of its host."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from mailconf.model.endpoint import Address
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import Check, View
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.renewal import is_due
from mailconf.model.requests.web import ServedPage
from mailconf.model.world import ConnectionRejected, World
from mailconf.plugins.web.options import WebOptions

EXPIRES = Rule(
    code="WEB001",
    name="web-certificate-expires",
    severity=Severity.WARNING,
    found_by="verify",
    message="the certificate expires on {end}, in {days} days",
    expected="enough time left for a renewal",
    fix="renew it and reload the web server; automate both",
    ref="RFC 5280 §4.1.2.5",
)
REFUSED = Rule(
    code="WEB002",
    name="web-connection-refused",
    severity=Severity.ERROR,
    found_by="verify",
    message="{address} refused the connection, so {url} is not available there",
    expected="a web server at {address}",
    fix="start the web server, open its ports, have it listen at every address",
)
DIFFERS = Rule(
    code="WEB003",
    name="web-addresses-differ",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} returns {got} at {address}, but {want} elsewhere",
    expected="the same page at every address",
    fix="deploy the web server's files and certificate to every host behind these addresses",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page, and an address of the host that serves it."""

    host: Host
    url: str
    address: Address

    def __str__(self) -> str:
        return f"{self.url} [{self.address}]"


def places(view: View[WebOptions]) -> Iterator[Place]:
    """Yield a page of every name, with TLS and without, at every address."""
    for host in view.spec.hosts.values():
        for url in _pages(page.url for page in view.requests_on(host).of(ServedPage)):
            for address in host.addresses:
                yield Place(host, url, address)


def _pages(urls: Iterable[str]) -> Iterator[str]:
    """Yield the first page of each name and scheme; below a directory there may be none."""
    pages = [url for url in sorted(urls) if not url.endswith("/")]
    by_site = {(urlsplit(url).hostname, urlsplit(url).scheme): url for url in pages[::-1]}
    yield from (by_site[site] for site in sorted(by_site, key=str))


async def answers(_view: View[WebOptions], at: Place, world: World) -> AsyncIterator[Finding]:
    """Fetch the page at one address, and compare it with what clients see."""
    where, facts = ("hosts", at.host.key, "addresses"), {"url": at.url, "address": at.address}
    try:
        page = await world.ask(PageRequest(at.url, at=str(at.address)))
    except ConnectionRejected:
        yield REFUSED.at(at, where, **facts)
        return
    if page.tls and is_due(page.tls, world.now):
        days, end = (page.tls.not_after - world.now).days, page.tls.not_after.date()
        yield EXPIRES.at(at, ("hosts", at.host.key, "tls"), end=end, days=days)
    seen = await world.ask(PageRequest(at.url))
    if _gist(page) != _gist(seen):
        yield DIFFERS.at(at, where, **facts, got=_short(page), want=_short(seen))


def _gist(page: Page) -> tuple[int, str, str]:
    return page.status, page.body, page.tls.fault if page.tls else ""


def _short(page: Page) -> str:
    fault = f", {page.tls.fault}" if page.tls and page.tls.fault else ""
    return f"{page.status} with {len(page.body)} characters{fault}"


CHECKS = (
    Check(
        "web.reachable",
        "Every address of a web host serves its pages.",
        places,
        answers,
        former=("web.answers",),
    ),
)
