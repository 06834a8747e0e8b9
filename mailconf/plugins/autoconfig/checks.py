"""Live checks: the file that clients fetch is the file we rendered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass

from mailconf.formats.client_config import ClientConfig, ClientConfigError
from mailconf.formats.names import absolute
from mailconf.model.addresses import has_address
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.pages import PageRequest
from mailconf.model.world import ResponseTooLarge, World
from mailconf.plugins.autoconfig.config import config_for, urls
from mailconf.plugins.autoconfig.options import AutoconfigOptions

OK = 200
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
XML_TYPES = ("text/xml", "application/xml")

NOT_SERVED = Rule(
    code="ACF008",
    name="autoconfig-not-served",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} returned HTTP status {status}; expected 200",
    expected="status 200",
    fix="deploy the generated web files and reload the web server",
    ref="draft-ietf-mailmaint-autoconfig §4",
)
WRONG_TYPE = Rule(
    code="ACF020",
    name="autoconfig-wrong-media-type",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} has media type {found}; expected text/xml (Thunderbird ignores other types)",
    expected="text/xml",
    fix="serve .xml as text/xml (nginx: include /etc/nginx/mime.types)",
    ref="draft-ietf-mailmaint-autoconfig §4",
)
UNREADABLE = Rule(
    code="ACF021",
    name="autoconfig-unreadable",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} is not a valid client configuration: {why}",
    expected="a valid client configuration",
    fix="deploy the generated file",
)
DIFFERS = Rule(
    code="ACF011",
    name="autoconfig-differs",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} announces {got}; the spec declares {want}",
    expected="{want}",
    fix="deploy the generated autoconfig file, or remove the file that the domain's website serves",
)
UNTRUSTED = Rule(
    code="ACF022",
    name="autoconfig-certificate-untrusted",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate of {url} is not trusted: {why}",
    expected="a trusted certificate that covers the host name",
    fix="install a certificate that covers the host name, with its full chain",
    ref="RFC 9525 §6",
)


@dataclass(frozen=True, slots=True)
class Location:
    """One URL of one domain."""

    domain: Domain
    url: str

    def __str__(self) -> str:
        return self.url


def locations(view: View[AutoconfigOptions]) -> Iterator[Location]:
    """Yield every URL at which clients look."""
    for domain in view.spec.hosted if view.spec.web else ():
        for url in urls(domain):
            yield Location(domain, url)
        # As Thunderbird asks when it may; others leave the address out.
        yield Location(domain, f"{urls(domain)[0]}?emailaddress=postmaster@{domain.name}")


async def config_is_served(
    view: View[AutoconfigOptions], at: Location, world: World
) -> AsyncIterator[Finding]:
    """Fetch the file as mail programs do, and compare."""
    where, url = ("domains", at.domain.name, "autoconfig"), at.url
    page = await world.ask(PageRequest(url))
    if page.tls and page.tls.fault:
        yield UNTRUSTED.at(url, where, url=url, why=page.tls.fault)
    if page.status != OK:
        yield NOT_SERVED.at(url, where, url=url, status=page.status)
        return
    if page.content_type.partition(";")[0].strip() not in XML_TYPES:
        yield WRONG_TYPE.at(url, where, url=url, found=page.content_type or "no Content-Type")
    try:
        served = ClientConfig.parse(page.body)
    except ClientConfigError as why:
        yield UNREADABLE.at(url, where, url=url, why=why)
        return
    wanted = config_for(_view_of(view, at.domain), at.domain)
    if served != wanted:
        yield DIFFERS.at(url, where, url=url, got=_short(served), want=_short(wanted))


def own_sites(view: View[AutoconfigOptions]) -> Iterator[Location]:
    """Yield where clients look, too: on the domain's own web site, which may be anybody's."""
    for domain in view.spec.hosted if view.spec.web else ():
        yield Location(domain, f"https://{domain.name}{WELL_KNOWN}")


async def own_site_agrees(
    view: View[AutoconfigOptions], at: Location, world: World
) -> AsyncIterator[Finding]:
    """Compare a file that may be there; clients that find none go on."""
    if not await has_address(absolute(at.domain.name), world):
        return
    with suppress(ClientConfigError, ResponseTooLarge):
        page = await world.ask(PageRequest(at.url))
        served = ClientConfig.parse(page.body)
        wanted = config_for(_view_of(view, at.domain), at.domain)
        if page.status == OK and served != wanted:
            where, facts = ("domains", at.domain.name, "autoconfig"), {"url": at.url}
            yield DIFFERS.at(at.url, where, **facts, got=_short(served), want=_short(wanted))


def _view_of(view: View[AutoconfigOptions], domain: Domain) -> View[AutoconfigOptions]:
    return View(view.spec, view.for_domain(domain), view.scopes)


def _short(config: ClientConfig) -> str:
    servers = (
        f"{s.type} {s.hostname}:{s.port} {s.socket}" for s in config.incoming + config.outgoing
    )
    return ", ".join(servers)


CHECKS = (
    Check(
        "autoconfig.served",
        "The client configuration served is the one rendered.",
        locations,
        config_is_served,
    ),
    Check(
        "autoconfig.own-site",
        "The domain's web site serves no other client configuration.",
        own_sites,
        own_site_agrees,
    ),
)
