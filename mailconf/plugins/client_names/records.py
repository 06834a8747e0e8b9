"""Aliases of the names that mail programs ask for, and Autodiscover's SRV record."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.client_names.options import ClientNamesOptions


def client_names(view: View[ClientNamesOptions], domain: Domain) -> Iterator[Record]:
    """Yield the names of a domain that receives mail, here or with a provider."""
    options, where = view.for_domain(domain), ("domains", domain.name, "client_names")
    if domain.mail != "hosted":
        return
    if options.autodiscover:
        target = absolute(options.autodiscover)
        yield Record(absolute(f"autodiscover.{domain.name}"), "CNAME", target, where=where)
        # Outlook asks for it where the name leads nowhere or to another certificate.
        name = absolute(f"_autodiscover._tcp.{domain.name}")
        yield Record(name, "SRV", f"0 0 443 {target}", where=where)
    if options.ua_auto_config:
        name = absolute(f"ua-auto-config.{domain.name}")
        yield Record(name, "CNAME", absolute(options.ua_auto_config), where=where)
