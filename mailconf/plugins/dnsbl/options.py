"""Options of the dnsbl section."""

from __future__ import annotations

from mailconf.model.base import DomainName, Model


class DnsblOptions(Model):
    """Lists to look ourselves up on; none by default: many answer only those who ask for themselves."""

    address_lists: tuple[DomainName, ...] = ()
    """Lists of addresses, such as zen.spamhaus.org."""
    domain_lists: tuple[DomainName, ...] = ()
    """Lists of domains, such as dbl.spamhaus.org."""
