"""Mail that no plugin has checked."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import OTHER, Host
from mailconf.model.plugin import View
from mailconf.model.requests.accounts import AuthorsHeld
from mailconf.model.requests.mail import MailChecked
from mailconf.plugins.smtp.options import SmtpOptions

NO_AUTHORS = Rule(
    code="PRT020",
    name="authors-not-checked",
    severity=Severity.ERROR,
    message="no plugin checks From: on host {host}; users, Sieve scripts and local programs can send signed mail with any author",
    fix="enable originators",
    ref="RFC 6409 §6.1, RFC 9989 §4.4",
    bad="plugins: {originators: off}",
    good="plugins: {originators: on}",
)
NO_DMARC = Rule(
    code="PRT021",
    name="dmarc-not-evaluated",
    severity=Severity.WARNING,
    message="no plugin evaluates DMARC for mail that arrives at host {host}; forged mail is accepted",
    fix="enable opendmarc, or set dkim: {{signer: rspamd}}",
    ref="RFC 9989 §5.3",
    bad="plugins: {opendmarc: off}",
    good="plugins: {opendmarc: on}",
)


def mail_is_checked(view: View[SmtpOptions], host: Host) -> Iterator[Finding]:
    """Yield a host whose MTA a plugin renders, and whose mail nobody checks."""
    if not host.is_mta or view.spec.doer_of("mta", host) == OTHER:
        return
    asked, where = view.requests_on(host), ("hosts", host.key)
    if not asked.about(MailChecked, "authors") and not asked.of(AuthorsHeld):
        yield NO_AUTHORS.at(host.key, where, host=host.key)
    if host.is_("mx", "backup-mx") and not asked.about(MailChecked, "dmarc"):
        yield NO_DMARC.at(host.key, where, host=host.key)
