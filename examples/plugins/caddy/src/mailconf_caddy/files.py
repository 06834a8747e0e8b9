"""The Caddyfile, and what the unit needs to read the host's certificate.

Caddy runs as its own user, which cannot read the private key: systemd passes a copy when it starts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.api import Certificate, Checker, Host, Package, Render, ServedPage, Unit, View
from mailconf_caddy.options import CaddyOptions
from mailconf_caddy.sites import Site, sites

CADDYFILE = PurePosixPath("etc/caddy/Caddyfile")
ENCRYPTED = PurePosixPath("etc/caddy/conf.d/mailconf.caddyfile")
DROP_IN = PurePosixPath("etc/systemd/system/caddy.service.d/mailconf.conf")
NEEDS = (
    Package("caddy"),
    Unit("caddy", "restart"),
    Checker(("caddy", "adapt", "--config", f"/{CADDYFILE}"), chatty=True),
)


@dataclass(frozen=True)
class ServedSites:
    """What the templates print."""

    host: Host
    sites: tuple[Site, ...]


def caddy_files(view: View[CaddyOptions], host: Host) -> Iterator[Render]:
    """Render the files of a host that serves pages: one for each scheme."""
    found = sites(view.requests_on(host).of(ServedPage))
    if not found:
        return
    plain = ServedSites(host, tuple(site for site in found if site.scheme == "http"))
    yield Render(host.key, CADDYFILE, "Caddyfile.j2", plain, "caddy", needs=NEEDS)
    encrypted = ServedSites(host, tuple(site for site in found if site.scheme == "https"))
    if encrypted.sites:
        shown = tuple(certificates(host, found))
        needs = (*NEEDS, *shown)
        yield Render(host.key, ENCRYPTED, "https.caddyfile.j2", encrypted, "caddy", needs=needs)
        yield Render(host.key, DROP_IN, "unit.conf.j2", encrypted, "caddy", needs=NEEDS)


def certificates(host: Host, found: tuple[Site, ...]) -> Iterator[Certificate]:
    """Yield what the host's certificate must cover: its own name, and those of all sites with TLS."""
    names = [site.name for site in found if site.scheme == "https"]
    for name in dict.fromkeys((host.hostname, *names) if names else ()):
        yield Certificate(host.tls.certificate, host.tls.private_key, name)
