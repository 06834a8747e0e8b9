"""Options of the dnsbl section."""

from __future__ import annotations

from mailconf.model.base import DomainName, Model


class DnsblOptions(Model):
    """DNS blocklists to query; none by default, because many do not answer public resolvers."""

    address_lists: tuple[DomainName, ...] = ()
    """Lists of addresses, such as zen.spamhaus.org."""
    domain_lists: tuple[DomainName, ...] = ()
    """Lists of domains, such as dbl.spamhaus.org."""
