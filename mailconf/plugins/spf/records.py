"""SPF TXT records (RFC 7208 §3)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.spf.options import SpfOptions
from mailconf.plugins.spf.policy import host_record, record_for


def domain_record(view: View[SpfOptions], domain: Domain) -> Iterator[Record]:
    """Yield the record of a mail domain, or the one that says nobody sends for it."""
    where = ("domains", domain.name, "spf")
    yield Record(absolute(domain.name), "TXT", str(record_for(view, domain)), where=where)


def helo_record(view: View[SpfOptions], host: Host) -> Iterator[Record]:
    """Yield the record of a host's name: bounces are judged by HELO (RFC 7208 §2.4)."""
    wanted = host_record(view.spec, host)
    yield Record(absolute(host.hostname), "TXT", str(wanted), where=("hosts", host.key, "spf"))
