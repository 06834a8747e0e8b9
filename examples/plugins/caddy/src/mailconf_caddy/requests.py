"""What Caddy needs of others: open ports, and certificates that cover its names."""

from collections.abc import Iterator

from mailconf.api import (
    CertificateUse,
    ConnectionLimit,
    Host,
    OpenPort,
    PlainSites,
    PluginRequest,
    ServedPage,
    View,
)
from mailconf_caddy.files import CADDYFILE, certificates
from mailconf_caddy.options import CaddyOptions
from mailconf_caddy.sites import sites

PORTS = {"http": 80, "https": 443}


def ports_and_certificates(view: View[CaddyOptions], host: Host) -> Iterator[PluginRequest]:
    """Request the ports of the schemes that are served, and name the certificates in use."""
    found = sites(view.requests_on(host).of(ServedPage))
    limit = view.for_host(host).connections
    for scheme in sorted({site.scheme for site in found}):
        yield OpenPort(host=host.key, port=PORTS[scheme])
        yield ConnectionLimit(host=host.key, port=PORTS[scheme], connections=limit)
    if found:
        yield PlainSites(host=host.key, file=f"/{CADDYFILE}")
    for shown in certificates(host, found):
        yield CertificateUse(
            host=host.key, path=shown.certificate, service="caddy", name=shown.name
        )
