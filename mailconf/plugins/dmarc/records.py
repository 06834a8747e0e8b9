"""DMARC TXT records (RFC 9989 §4.6)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.dmarc.options import DmarcOptions
from mailconf.plugins.dmarc.policy import record_for


def policy_record(view: View[DmarcOptions], domain: Domain) -> Iterator[Record]:
    """Yield the policy record at _dmarc.<domain>."""
    name, where = absolute(f"_dmarc.{domain.name}"), ("domains", domain.name, "dmarc")
    yield Record(name, "TXT", str(record_for(view, domain)), where=where)
