"""The DMARC record we want."""

from __future__ import annotations

from mailconf.formats.dmarc import DmarcRecord
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.plugins.dmarc.options import DmarcOptions

# Nothing legitimate comes from a domain without mail, nor from below it.
PARKED = DmarcRecord("reject", sp="reject", np="reject", adkim="s", aspf="s")


def record_for(view: View[DmarcOptions], domain: Domain) -> DmarcRecord:
    """Return the record of a domain."""
    if not domain.sends:
        return PARKED
    options = view.options
    return DmarcRecord(
        p=options.policy,
        sp=options.subdomain_policy or "",
        np=options.nonexistent_policy or "",
        adkim="s" if options.alignment == "strict" else "r",
        aspf="s" if options.alignment == "strict" else "r",
        rua=options.reports,
    )
