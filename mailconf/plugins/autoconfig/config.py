"""The client configuration we serve, and where; settings, records, files and checks start here."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.client_config import ClientConfig, Server, ServerType, SocketType
from mailconf.model.client_services import client_endpoints
from mailconf.model.domain import Domain
from mailconf.model.endpoint import Endpoint, Security
from mailconf.model.plugin import View
from mailconf.plugins.autoconfig.options import AutoconfigOptions

SOCKETS: dict[Security, SocketType] = {
    Security.IMPLICIT_TLS: "SSL",
    Security.STARTTLS: "STARTTLS",
}
PATH = "/mail/config-v1.1.xml"


def site(domain: Domain) -> str:
    """Return the host name under which clients look for the file."""
    return f"autoconfig.{domain.name}"


def urls(domain: Domain) -> tuple[str, ...]:
    """Return where clients look: https first, http for old ones."""
    return f"https://{site(domain)}{PATH}", f"http://{site(domain)}{PATH}"


def document(domain: Domain) -> str:
    """Return the file's absolute path on the web host."""
    return f"/var/www/mailconf/{site(domain)}{PATH}"


def config_for(view: View[AutoconfigOptions], domain: Domain) -> ClientConfig:
    """Return the configuration of a domain's clients, in our order of preference."""
    points = client_endpoints(view.spec, domain)
    return ClientConfig(
        domain=domain.name,
        display_name=view.options.display_name or domain.name,
        incoming=tuple(_servers("imap", points)) + tuple(_servers("pop3", points)),
        outgoing=tuple(_servers("smtp", points)),
    )


def _servers(family: ServerType, points: tuple[Endpoint, ...]) -> Iterator[Server]:
    """Yield the servers of one family; SMTP means those that users send through."""
    for point in points:
        if point.protocol.family == family:
            yield Server(family, point.host, point.port, SOCKETS[point.security])
