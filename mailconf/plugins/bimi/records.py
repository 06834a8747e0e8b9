"""BIMI assertion records (draft-brand-indicators-for-message-identification §4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.bimi import BimiRecord
from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.bimi.options import BimiOptions

SELECTOR = "default"


def logo_record(view: View[BimiOptions], domain: Domain) -> Iterator[Record]:
    """Yield the record at default._bimi.<domain>."""
    options, where = view.for_domain(domain), ("domains", domain.name, "bimi")
    if options.logo and domain.mail != "none":
        wanted = BimiRecord(options.logo, options.evidence or "")
        yield Record(absolute(f"{SELECTOR}._bimi.{domain.name}"), "TXT", str(wanted), where=where)
