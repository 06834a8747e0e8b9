"""The certificates that Postfix serves, and the port that a relay opens to our own hosts alone."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import ConnectionLimit, MailClient, OpenPort
from mailconf.model.requests.promises import MessageSizeLimit, SmtpCapabilities
from mailconf.model.requests.web import serves
from mailconf.plugins.postfix.certificates import certificates
from mailconf.plugins.postfix.duty import RELAY_PORT, Duty
from mailconf.plugins.postfix.listeners import listeners
from mailconf.plugins.postfix.options import PostfixOptions
from mailconf.plugins.postfix.sections.limits import at_mx, at_submission

# What Postfix 3.7 and later offers unless told otherwise (smtpd(8), EHLO keywords).
CAPABILITIES = ("PIPELINING", "SIZE", "8BITMIME", "ENHANCEDSTATUSCODES", "CHUNKING")
MAIL_OWNER = "postfix"
"""As whom smtp(8) and lmtp(8) run (postconf(5) mail_owner)."""
SPARE = 10
"""Connections that the firewall leaves to Postfix to refuse."""


def served_and_open(view: View[PostfixOptions], host: Host) -> Iterator[PluginRequest]:
    """Say which certificates Postfix serves, and let those in who send through this relay."""
    duty = Duty.of(view, host)
    yield from _offered(duty)
    for certificate in certificates(duty):
        yield from serves(host.key, "postfix", certificate)
    yield from _crowds(duty)
    yield from listeners(duty) if host.is_mta else ()
    if host.is_mta:
        yield MailClient(host=host.key, user=MAIL_OWNER)
    if host.is_("relay") and not duty.mx:
        sources = tuple(str(a) for sender in duty.senders for a in sender.addresses)
        if sources:  # no source at all would mean everybody
            yield OpenPort(host=host.key, port=RELAY_PORT, sources=sources)


def _offered(duty: Duty) -> Iterator[PluginRequest]:
    """Say what the checks of SMTP will find."""
    if duty.points:
        yield SmtpCapabilities(host=duty.host.key, keywords=CAPABILITIES)
        yield MessageSizeLimit(host=duty.host.key, octets=duty.options.message_size)


def _crowds(duty: Duty) -> Iterator[PluginRequest]:
    """Ask the firewall to bound connections a little above Postfix, which first says 421.

    On port 465 that comes after the handshake of TLS, which a silent client never ends.
    """
    for point in duty.points:
        limits = at_submission(duty) if point.protocol.is_submission else at_mx(duty)
        if limits.connections and not point.proxies:
            most = limits.connections + SPARE
            yield ConnectionLimit(host=duty.host.key, port=point.port, connections=most)
