"""DKIM key records: our keys, aliases of other senders' keys, and none at all for the parked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailconf.formats.dkim import DkimKey
from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.dkim.keys import KeyTextError, flags, has_keys, owner, public_key
from mailconf.plugins.dkim.options import IN_DNS, DkimOptions


def key_records(view: View[DkimOptions], domain: Domain) -> Iterator[Record]:
    """Yield the record of every key that is in DNS now; lint reports those that cannot be read."""
    for name, selector in view.options.selectors.items() if has_keys(domain) else ():
        where = ("domains", domain.name, "dkim", "selectors", name)
        try:
            key = public_key(selector)
        except KeyTextError:
            continue
        if key.key and selector.state in IN_DNS:
            named = key if domain.provider else replace(key, flags=flags(view.options))
            wanted = DkimKey(b"", key.type) if selector.state == "revoked" else named
            yield Record(owner(domain, name), "TXT", str(wanted), where=where)


def provider_records(_view: View[DkimOptions], domain: Domain) -> Iterator[Record]:
    """Yield the aliases of the keys that a domain's provider keeps and replaces."""
    where = ("domains", domain.name, "provider")
    keys = domain.provider.dkim(domain.name) if domain.provider and has_keys(domain) else {}
    for selector, target in keys.items():
        yield Record(owner(domain, selector), "CNAME", absolute(target), where=where)


def others_records(_view: View[DkimOptions], domain: Domain) -> Iterator[Record]:
    """Yield the aliases by which third parties sign with keys that they keep (RFC 6376 §3.6.2)."""
    for number, sender in enumerate(domain.senders if domain.mail != "none" else ()):
        for selector, target in sender.dkim.items():
            where = ("domains", domain.name, "senders", number, "dkim", selector)
            yield Record(owner(domain, selector), "CNAME", absolute(target), where=where)


def no_keys(_view: View[DkimOptions], domain: Domain) -> Iterator[Record]:
    """Yield the record that takes back every key of a parked domain (RFC 6376 §3.6.1, p= empty)."""
    if domain.mail == "none":
        where = ("domains", domain.name, "mail")
        yield Record(owner(domain, "*"), "TXT", str(DkimKey(b"")), where=where)


def domain_records(view: View[DkimOptions], domain: Domain) -> Iterator[Record]:
    """Yield everything below a domain's _domainkey."""
    yield from key_records(view, domain)
    yield from provider_records(view, domain)
    yield from others_records(view, domain)
    yield from no_keys(view, domain)
