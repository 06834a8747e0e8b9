"""Sizes, life times and rates."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Parameter as P
from mailconf.formats.postfix import Section
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.options import Limits

USUAL_LIFETIME, BACKUP_LIFETIME = 5 * 86400, 20 * 86400


def limits(duty: Duty) -> Iterator[Section]:
    """Yield what bounds messages, the queue and clients."""
    yield Section(
        ("How we greet, how large mail may be, and how long it waits.",),
        (
            P("smtpd_banner", "$myhostname ESMTP"),
            P("biff", "no"),
            P("append_dot_mydomain", "no"),
            P("recipient_delimiter", "+"),
            P("enable_long_queue_ids", "yes"),
            P("message_size_limit", str(duty.options.message_size)),
            P("mailbox_size_limit", "0"),
            P("maximal_queue_lifetime", f"{queue_lifetime(duty)}s"),
            P("bounce_queue_lifetime", f"{duty.options.bounce_lifetime}s"),
        ),
    )
    yield Section(
        ("The mail store does not take such addresses; accepting them would bounce mail later.",),
        (P("smtputf8_enable", "no"),),
    )
    if duty.listens:
        yield Section(
            ("What one client may do. Hosts in $mynetworks are not counted.",),
            tuple(client_limits(duty.options.limits)),
        )


def queue_lifetime(duty: Duty) -> int:
    """Return how long mail waits, in seconds: a backup MX is there for long outages."""
    usual = BACKUP_LIFETIME if duty.is_backup else USUAL_LIFETIME
    return duty.options.queue_lifetime or usual


def client_limits(wanted: Limits) -> Iterator[P]:
    """Yield the limits of one service (anvil(8)); those without a limit are the default."""
    yield P("smtpd_client_connection_count_limit", str(wanted.connections))
    rates = {
        "smtpd_client_connection_rate_limit": wanted.connection_rate,
        "smtpd_client_message_rate_limit": wanted.message_rate,
        "smtpd_client_recipient_rate_limit": wanted.recipient_rate,
        "smtpd_client_auth_rate_limit": wanted.auth_rate,
    }
    for name, rate in rates.items():
        if rate:
            yield P(name, str(rate))
