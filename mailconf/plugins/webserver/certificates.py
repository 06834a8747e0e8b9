"""Which certificate a name is served with: the host's, or one of the domain that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailconf.model.artifact import Certificate
from mailconf.model.host import Host, Tls
from mailconf.model.plugin import View
from mailconf.plugins.webserver.options import WebserverOptions
from mailconf.plugins.webserver.sites import Location, Site

LIVE = "/etc/letsencrypt/live"


@dataclass(frozen=True, slots=True)
class Secured:
    """A name, what it serves inside TLS, and with which certificate."""

    name: str
    locations: tuple[Location, ...]
    tls: Tls


def secured(view: View[WebserverOptions], host: Host, found: Iterable[Site]) -> Iterator[Secured]:
    """Yield the sites with TLS, each with its certificate."""
    for site in found:
        if site.is_https:
            yield Secured(site.name, site.locations, _tls(view, host, site.name))


def certificates(
    view: View[WebserverOptions], host: Host, names: Iterable[str]
) -> Iterator[Certificate]:
    """Yield what must lie on the host for names with TLS; its own certificate has its own name, too."""
    served = [(name, _tls(view, host, name)) for name in names]
    if any(tls == host.tls for _, tls in served):
        yield Certificate(host.tls.certificate, host.tls.private_key, host.hostname)
    for name, tls in served:
        yield Certificate(tls.certificate, tls.private_key, name)


def _tls(view: View[WebserverOptions], host: Host, name: str) -> Tls:
    domain = _domain(view, name)
    if view.for_host(host).certificates == "host" or not domain:
        return host.tls
    # A lineage called like the domain would be the one of its own web site.
    live = f"{LIVE}/mailconf.{domain}"
    return Tls(certificate=f"{live}/fullchain.pem", private_key=f"{live}/privkey.pem")


def _domain(view: View[WebserverOptions], name: str) -> str:
    """Return the longest domain of the spec in which a name lies; empty when there is none."""
    rest = name
    while rest and rest not in view.spec.domains:
        rest = rest.partition(".")[2]
    return rest
