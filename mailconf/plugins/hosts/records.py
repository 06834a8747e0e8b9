"""A, AAAA and PTR of every host (RFC 1035 §3.4.1, RFC 3596, RFC 1912 §2.1)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute, reverse_name
from mailconf.model.domain import Domain
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.model.record_kind import RecordType
from mailconf.plugins.hosts.options import HostsOptions

FAMILIES: dict[int, RecordType] = {4: "A", 6: "AAAA"}


def client_records(view: View[HostsOptions], domain: Domain) -> Iterator[Record]:
    """Yield the addresses of the name that a domain's users are told, when it has its own."""
    store = view.spec.store_of(domain)
    if not domain.is_hosted or not domain.client_host or not store:
        return
    if view.spec.host_named(domain.client_host):
        return
    name, where = absolute(domain.client_host), ("domains", domain.name, "client_host")
    for address in store.addresses:
        yield Record(name, FAMILIES[address.version], str(address), where=where)


def address_records(_view: View[HostsOptions], host: Host) -> Iterator[Record]:
    """Yield a host's addresses and, for each, the reverse name that big receivers insist on."""
    name, where = absolute(host.hostname), ("hosts", host.key, "addresses")
    for number, address in enumerate(host.addresses):
        yield Record(name, FAMILIES[address.version], str(address), where=(*where, number))
        yield Record(reverse_name(address), "PTR", name, where=(*where, number))
