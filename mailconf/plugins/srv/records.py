"""SRV records of every client protocol, the ones not offered included (RFC 6186 §3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.client_services import client_endpoints
from mailconf.model.domain import Domain
from mailconf.model.endpoint import PROTOCOLS, Security
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.srv.options import SrvOptions

# RFC 2782: a target of "." says that the service is decidedly not available here.
NOT_OFFERED = "0 0 0 ."
# RFC 8314 §5.1: implicit TLS is preferred; the lower number wins.
PRIORITY = {Security.IMPLICIT_TLS: 0, Security.STARTTLS: 10}


def service_records(view: View[SrvOptions], domain: Domain) -> Iterator[Record]:
    """Yield one record per endpoint, and the refusal of every protocol that is closed."""
    for protocol in PROTOCOLS if domain.is_hosted else ():
        if protocol.name == "smtp":
            continue
        name = absolute(f"_{protocol.label}._tcp.{domain.name}")
        points = [p for p in client_endpoints(view.spec, domain) if p.protocol is protocol]
        for point in points:
            value = f"{PRIORITY[point.security]} 1 {point.port} {absolute(point.host)}"
            yield Record(name, "SRV", value, where=point.where)
        if not points:
            yield Record(name, "SRV", NOT_OFFERED, where=("protocols", protocol.name))
