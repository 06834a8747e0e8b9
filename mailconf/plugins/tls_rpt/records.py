"""TLSRPT TXT records (RFC 8460 §3)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.formats.tls_rpt import TlsRptRecord
from mailconf.model.domain import Domain
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.tls_rpt.options import TlsRptOptions

RECEIVING = ("hosted", "provider")


def host_record(view: View[TlsRptOptions], host: Host) -> Iterator[Record]:
    """Yield the record of an MX host: some look for it where the TLSA records are."""
    reports = view.for_host(host).reports
    if view.spec.is_mx(host) and reports and host.hostname not in view.spec.domains:
        name, where = absolute(f"_smtp._tls.{host.hostname}"), ("hosts", host.key, "tls_rpt")
        yield Record(name, "TXT", str(TlsRptRecord(reports)), where=where)


def report_record(view: View[TlsRptOptions], domain: Domain) -> Iterator[Record]:
    """Yield the record of a domain that receives mail and has an address for reports."""
    reports = view.for_domain(domain).reports
    if domain.kind in RECEIVING and reports:
        name, where = absolute(f"_smtp._tls.{domain.name}"), ("domains", domain.name, "tls_rpt")
        yield Record(name, "TXT", str(TlsRptRecord(reports)), where=where)
