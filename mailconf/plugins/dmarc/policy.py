"""The DMARC record we want."""

from __future__ import annotations

from mailconf.formats.dmarc import DmarcRecord
from mailconf.formats.names import absolute, is_under
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.plugins.dmarc.options import DmarcOptions

# What a domain says that takes reports on another one (RFC 9990 §4).
AGREED = "v=DMARC1;"
# Nothing legitimate comes from a domain without mail, nor from below it.
PARKED = DmarcRecord("reject", sp="reject", np="reject", adkim="s", aspf="s")


def record_for(view: View[DmarcOptions], domain: Domain) -> DmarcRecord:
    """Return the record of a domain."""
    if domain.mail == "none":
        return PARKED
    options = view.for_domain(domain)
    return DmarcRecord(
        p=options.policy,
        sp=options.subdomain_policy or "",
        np=options.nonexistent_policy or "",
        adkim="s" if options.alignment == "strict" else "r",
        aspf="s" if options.alignment == "strict" else "r",
        rua=options.reports,
    )


def report_domains(record: DmarcRecord) -> tuple[str, ...]:
    """Return the domains to which reports go by mail, each once."""
    mails = (uri for uri in (*record.rua, *record.ruf) if uri.lower().startswith("mailto:"))
    return tuple(dict.fromkeys(uri.rpartition("@")[2].lower() for uri in mails))


def is_elsewhere(other: str, domain: str) -> bool:
    """Tell whether reports on a domain leave its own part of the tree (RFC 9990 §4)."""
    one, two = absolute(other), absolute(domain)
    return not (is_under(one, two) or is_under(two, one))


def authorisation(domain: str, other: str) -> str:
    """Return where another domain says that it takes reports on a domain."""
    return f"{domain}._report._dmarc.{other}"
