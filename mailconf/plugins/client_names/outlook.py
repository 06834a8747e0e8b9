"""Live checks of whoever speaks Autodiscover for Outlook."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.formats.autodiscover import Autodiscover, AutodiscoverError, Protocol, request
from mailconf.formats.names import absolute
from mailconf.model.addresses import has_address
from mailconf.model.client_services import client_endpoints
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.world import Inconclusive, ResponseTooLarge, World
from mailconf.plugins.client_names import rules
from mailconf.plugins.client_names.announced import FAMILIES, by_autodiscover
from mailconf.plugins.client_names.places import OK, Location, Options, compared, fetched, not_had

PATH = "/autodiscover/autodiscover.xml"
SPELLINGS = ("/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.xml")
NOT_FOUND = 404


def autodiscovers(view: Options) -> Iterator[Location]:
    """Yield where Outlook asks about each domain that has somebody to answer."""
    for domain in view.spec.hosted:
        if view.for_domain(domain).autodiscover:
            yield Location(domain, f"https://autodiscover.{domain.name}{PATH}")


def apexes(view: Options) -> Iterator[Location]:
    """Yield where it asks before that."""
    for at in autodiscovers(view):
        yield Location(at.domain, f"https://{at.domain.name}{PATH}")


async def autodiscover_agrees(view: Options, at: Location, world: World) -> AsyncIterator[Finding]:
    """Ask as Outlook does, and compare."""
    page = await _asked(at, at.url, world)
    for finding in not_had(page, at, rules.NOT_ANSWERED, rules.UNTRUSTED):
        yield finding
    if page.status != OK:
        return
    try:
        found = Autodiscover.parse(page.body)
    except AutodiscoverError as why:
        yield rules.UNREADABLE.at(at, at.where, url=at.url, why=why)
        return
    for finding in _wrong(view, found, at):
        yield finding


async def spelling_does_not_matter(
    _view: Options, at: Location, world: World
) -> AsyncIterator[Finding]:
    """Ask under other spellings, where the usual one is answered."""
    if (await _asked(at, at.url, world)).status != OK:
        return
    for spelling in SPELLINGS:
        url = at.url.removesuffix(PATH) + spelling
        page = await _asked(at, url, world)
        if page.status == NOT_FOUND:
            yield rules.CASE.at(at, at.where, url=url, status=page.status)


async def apex_does_not_answer(view: Options, at: Location, world: World) -> AsyncIterator[Finding]:
    """Look for web sites that answer anything."""
    if not await has_address(absolute(at.domain.name), world):
        return
    try:
        page = await world.ask(PageRequest(at.url, request(_address(at.domain))))
    except ResponseTooLarge:
        yield rules.APEX.at(at, at.where, url=at.url, status=OK, got="a long page")
        return
    if page.status != OK:
        return
    try:
        found = Autodiscover.parse(page.body)
    except AutodiscoverError:
        facts = {"url": at.url, "status": page.status, "got": page.content_type or "something"}
        yield rules.APEX.at(at, at.where, **facts)
        return
    for finding in _wrong(view, found, at):
        yield finding


def _address(domain: Domain) -> str:
    """Return an address of the domain, a user's if one is known."""
    return f"{next(iter(domain.mailboxes), 'postmaster')}@{domain.name}"


async def _asked(at: Location, url: str, world: World) -> Page:
    return await fetched(at, url, request(_address(at.domain)), world)


def _wrong(view: Options, found: Autodiscover, at: Location) -> Iterator[Finding]:
    """Yield what is wrong with an answer; raises Inconclusive where it is none to us."""
    if found.elsewhere or found.error:
        raise Inconclusive(f"{at.url} answers: {found.error or f'ask {found.elsewhere}'}")
    for one in found.protocols:
        if one.type in FAMILIES:
            yield from _odd(one, at)
    points = client_endpoints(view.spec, at.domain)
    yield from compared(rules.ANNOUNCES, tuple(by_autodiscover(found)), points, at)


def _odd(one: Protocol, at: Location) -> Iterator[Finding]:
    """Yield what is wrong with a server, whichever it is."""
    name, address = f"{one.type} {one.server}:{one.port}", _address(at.domain)
    if one.spa:
        yield rules.SPA.at(at, at.where, url=at.url, got=name)
    if one.login.lower() not in ("", address.lower()):
        facts = {"got": f"the login {one.login} for {name}", "want": address}
        yield rules.ANNOUNCES.at(at, at.where, url=at.url, **facts)
