"""DNS records for MTA-STS (RFC 8461 §3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.mta_sts.options import MtaStsOptions
from mailconf.plugins.mta_sts.policy import record_for, site


def policy_records(view: View[MtaStsOptions], domain: Domain) -> Iterator[Record]:
    """Yield the announcement and the name of the policy host."""
    if domain.is_hosted and view.spec.web:
        where = ("domains", domain.name, "mta_sts")
        announcement = str(record_for(view, domain))
        yield Record(absolute(f"_mta-sts.{domain.name}"), "TXT", announcement, where=where)
        target = absolute(view.spec.web.hostname)
        yield Record(absolute(site(domain)), "CNAME", target, where=where)
