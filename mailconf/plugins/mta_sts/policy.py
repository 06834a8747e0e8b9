"""The policy we want and where it is served; settings, records, files and checks start here."""

from __future__ import annotations

import hashlib

from mailconf.formats.mta_sts import StsPolicy, StsRecord
from mailconf.model.domain import Domain
from mailconf.model.plugin import View
from mailconf.plugins.mta_sts.options import MtaStsOptions

PATH = "/.well-known/mta-sts.txt"


def site(domain: Domain) -> str:
    """Return the policy host of a domain (RFC 8461 §3.3)."""
    return f"mta-sts.{domain.name}"


def url(domain: Domain) -> str:
    """Return where senders fetch the policy."""
    return f"https://{site(domain)}{PATH}"


def document(domain: Domain) -> str:
    """Return the policy's absolute path on the web host."""
    return f"/var/www/mailconf/{site(domain)}{PATH}"


def policy_for(view: View[MtaStsOptions], domain: Domain) -> StsPolicy:
    """Return the policy that a domain should serve."""
    options = view.for_domain(domain)
    hosts = tuple(host.hostname for _, host in view.spec.mx_of(domain))
    return StsPolicy(options.mode, hosts, options.max_age)


def record_for(view: View[MtaStsOptions], domain: Domain) -> StsRecord:
    """Return the record, whose id changes exactly when the policy does (RFC 8461 §3.1)."""
    stamp = hashlib.sha256(str(policy_for(view, domain)).encode()).hexdigest()
    return StsRecord(stamp[:16])
