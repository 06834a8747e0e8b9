"""A, AAAA and PTR of every host (RFC 1035 §3.4.1, RFC 3596, RFC 1912 §2.1)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute, reverse_name
from mailconf.model.plugin import View
from mailconf.model.record import Record, RecordType
from mailconf.model.spec import Host
from mailconf.plugins.hosts.options import HostsOptions

FAMILIES: dict[int, RecordType] = {4: "A", 6: "AAAA"}


def address_records(_view: View[HostsOptions], host: Host) -> Iterator[Record]:
    """Yield a host's addresses and, for each, the reverse name that big receivers insist on."""
    name, where = absolute(host.hostname), ("hosts", host.key, "addresses")
    for number, address in enumerate(host.addresses):
        yield Record(name, FAMILIES[address.version], str(address), where=(*where, number))
        yield Record(reverse_name(address), "PTR", name, where=(*where, number))
