"""The certificates that Postfix serves, and the port that a relay opens to our own hosts alone."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.setting import Setting, serves
from mailconf.plugins.postfix.certificates import certificates
from mailconf.plugins.postfix.duty import RELAY_PORT, Duty
from mailconf.plugins.postfix.options import PostfixOptions
from mailconf.plugins.postfix.sections.limits import at_mx, at_submission

# What Postfix 3.7 and later offers unless told otherwise (smtpd(8), EHLO keywords).
CAPABILITIES = "PIPELINING SIZE 8BITMIME ENHANCEDSTATUSCODES CHUNKING"
MAIL_OWNER = "postfix"
"""As whom smtp(8) and lmtp(8) run (postconf(5) mail_owner)."""
SPARE = 10
"""Connections that the firewall leaves to Postfix to refuse."""


def served_and_open(view: View[PostfixOptions], host: Host) -> Iterator[Setting]:
    """Say which certificates Postfix serves, and let those in who send through this relay."""
    duty = Duty.of(view, host)
    yield from _offered(duty)
    for certificate in certificates(duty):
        yield from serves(host.key, "postfix", certificate, "postfix")
    yield from _crowds(duty)
    if host.is_mta:
        yield Setting("firewall", host.key, "mail_out", MAIL_OWNER, "postfix", 0)
    if host.is_("relay") and not duty.mx:
        sources = " ".join(str(a) for sender in duty.senders for a in sender.addresses)
        if sources:  # no source at all would mean everybody
            yield Setting("firewall", host.key, str(RELAY_PORT), sources, "postfix")


def _offered(duty: Duty) -> Iterator[Setting]:
    """Say what the checks of SMTP will find."""
    if duty.points:
        key, size = duty.host.key, str(duty.options.message_size)
        yield Setting("smtp", key, "capabilities", CAPABILITIES, "postfix", 0)
        yield Setting("smtp", key, "size", size, "postfix")


def _crowds(duty: Duty) -> Iterator[Setting]:
    """Ask the firewall to bound connections a little above Postfix, which first says 421.

    On port 465 that comes after the handshake of TLS, which a silent client never ends.
    """
    for point in duty.points:
        limits = at_submission(duty) if point.protocol.is_submission else at_mx(duty)
        if limits.connections and not point.proxies:
            most = str(limits.connections + SPARE)
            yield Setting("firewall", duty.host.key, f"sources {point.port}", most, "postfix")
