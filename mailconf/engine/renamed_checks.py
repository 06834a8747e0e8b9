"""Former ids of checks, which --only and --skip accept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

FORMER = {
    "access.no-clear-login": "access.no-plaintext-login",
    "caa.published": "caa.records",
    "client_names.spelling": "client_names.path-case",
    "dane.denial": "dane.lookup",
    "dane.kinds": "dane.key-types",
    "dane.other_key": "dane.key-in-use",
    "dane.published": "dane.records",
    "dane.signed": "dane.dnssec",
    "dane.zone": "dane.dnssec-algorithm",
    "dkim.published": "dkim.records",
    "dmarc.published": "dmarc.record",
    "dmarc.reports": "dmarc.report-authorization",
    "hosts.closed": "hosts.undeclared-ports",
    "login.folders": "login.special-use",
    "login.refused": "login.wrong-password",
    "login.sender": "login.foreign-sender",
    "login.size": "login.size-limit",
    "mta_sts.certificates": "mta_sts.mx-certificates",
    "mta_sts.published": "mta_sts.record",
    "mta_sts.vanishes": "mta_sts.removal",
    "mx.published": "mx.records",
    "plan.withdrawn": "plan.removed-records",
    "smtp.discreet": "smtp.user-enumeration",
    "smtp.no-clear-auth": "smtp.no-plaintext-auth",
    "smtp.no-clear-mail": "smtp.no-plaintext-mail",
    "smtp.no-tricks": "smtp.relay-variants",
    "smtp.nobody": "smtp.unknown-recipient",
    "spf.published": "spf.record",
    "spf.senders": "spf.own-hosts",
    "srv.published": "srv.records",
    "tls.ciphers": "tls.weak-ciphers",
    "tls.injection": "tls.command-injection",
    "tls.old": "tls.legacy-versions",
    "tls.same": "tls.consistent",
    "tls_rpt.published": "tls_rpt.record",
    "trip": "delivery",
    "trip.*": "delivery.*",
    "trip.arrives": "delivery.arrives",
    "trip.author": "delivery.author",
    "trip.dkim": "delivery.dkim",
    "trip.dmarc": "delivery.dmarc",
    "trip.from-outside": "delivery.inbound",
    "trip.smuggling": "delivery.smuggling",
    "trip.spf": "delivery.spf",
    "trip.stays": "delivery.kept",
    "web.answers": "web.reachable",
    "zone.servers": "zone.consistent",
    "zone.validates": "zone.dnssec",
}


def current(patterns: Iterable[str]) -> Iterator[str]:
    """Yield patterns with former ids and families replaced."""
    return (FORMER.get(pattern, pattern) for pattern in patterns)
