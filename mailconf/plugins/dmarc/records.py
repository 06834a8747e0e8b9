"""DMARC TXT records (RFC 9989 §4.6)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.model.zone import nearest
from mailconf.plugins.dmarc.options import DmarcOptions
from mailconf.plugins.dmarc.policy import (
    AGREED,
    authorisation,
    is_elsewhere,
    record_for,
    report_domains,
)


def policy_record(view: View[DmarcOptions], domain: Domain) -> Iterator[Record]:
    """Yield the policy record at _dmarc.<domain>."""
    name, where = absolute(f"_dmarc.{domain.name}"), ("domains", domain.name, "dmarc")
    wanted = record_for(view, domain)
    yield Record(name, "TXT", str(wanted), where=where)
    for other in report_domains(wanted):
        if is_elsewhere(other, domain.name) and _is_ours(view, other):
            agreed = absolute(authorisation(domain.name, other))
            yield Record(agreed, "TXT", AGREED, where=(*where, "reports"))


def _is_ours(view: View[DmarcOptions], name: str) -> bool:
    """Tell whether we publish the records of a name."""
    return bool(nearest(absolute(name), view.spec.own_apexes))
