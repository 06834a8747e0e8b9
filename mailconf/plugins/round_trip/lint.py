"""Whoever is to log in has a mailbox here."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.plugins.round_trip.options import RoundTripOptions

NOT_HOSTED = Rule(
    code="RTP001",
    name="login-not-hosted",
    severity=Severity.ERROR,
    message="login {address} is not a mailbox of a hosted domain in this spec",
    fix="use a mailbox of a hosted domain under logins",
    bad="plugins: {round_trip: {logins: {probe@elsewhere.example: ref+env://PROBE}}}",
    good="plugins: {round_trip: {logins: {probe@example.org: ref+env://PROBE}}}",
)


def logins_are_ours(view: View[RoundTripOptions]) -> Iterator[Finding]:
    """Yield logins of domains that are not hosted here; their mailboxes may be known to SQL or LDAP alone."""
    hosted = {domain.name for domain in view.spec.hosted}
    for address in view.options.logins:
        if address.rpartition("@")[2] not in hosted:
            where = ("plugins", "round_trip", "logins", address)
            yield NOT_HOSTED.at(address, where, address=address)
