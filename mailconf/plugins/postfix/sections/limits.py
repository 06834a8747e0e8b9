"""Sizes, life times and rates."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Parameter as P
from mailconf.formats.postfix import Section
from mailconf.model.crowds import speaking_for_others
from mailconf.model.load import SMTP_SOURCE, UNCOUNTED
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.options import Limits

USUAL_LIFETIME, BACKUP_LIFETIME = 5 * 86400, 20 * 86400


def limits(duty: Duty) -> Iterator[Section]:
    """Yield what bounds messages, the queue and clients."""
    yield Section(
        ("Banner, message size limit, queue lifetime.",),
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
        (
            "The mail store does not accept internationalized addresses, nor control characters; such",
            "mail would bounce.",
        ),
        (
            P("smtputf8_enable", "no"),
            P("smtpd_command_filter", "regexp:/etc/postfix/smtpd_commands"),
        ),
    )
    if duty.listens:
        yield Section(
            ("Per-client limits. Hosts in $mynetworks are exempt.",),
            (
                *client_limits(at_mx(duty)),
                *_own_hosts(duty),
                # Silent during the handshake of TLS is a client before any of its limits counts.
                P("smtpd_starttls_timeout", "${stress?{10}:{60}}s"),
            ),
        )


def queue_lifetime(duty: Duty) -> int:
    """Return how long mail waits, in seconds: a backup MX is there for long outages."""
    usual = BACKUP_LIFETIME if duty.is_backup else USUAL_LIFETIME
    return duty.options.queue_lifetime or usual


def at_mx(duty: Duty) -> Limits:
    """Return what one server may do on port 25, where no one logs in."""
    return _in_force(duty.options.limits, SMTP_SOURCE, 0)


def at_submission(duty: Duty) -> Limits:
    """Return what one address of users may do: there may be an office behind it."""
    capacity = duty.spec.capacity(uncounted=UNCOUNTED if duty.external else 0)
    wanted = duty.options.submission_limits
    return _in_force(wanted, capacity.smtp_per_source, capacity.logins_per_source)


def _in_force(wanted: Limits, connections: int, auth_rate: int) -> Limits:
    usual = {"connections": connections, "auth_rate": auth_rate}
    missing = {name: value for name, value in usual.items() if getattr(wanted, name) is None}
    return wanted.model_copy(update=missing)


def _own_hosts(duty: Duty) -> Iterator[P]:
    """Hosts of ours bring the mail of many: what a backup MX kept comes all at once."""
    found = speaking_for_others(duty.spec, duty.host)
    others = [f"[{a}]" if a.version == 6 else str(a) for a in found]  # noqa: PLR2004
    if others:
        yield P("smtpd_client_event_limit_exceptions", " ".join(("$mynetworks", *others)))


def client_limits(wanted: Limits) -> Iterator[P]:
    """Yield the limits of one service (anvil(8)); those without a limit are the default."""
    yield P("smtpd_client_connection_count_limit", str(wanted.connections or 0))
    rates = {
        "smtpd_client_connection_rate_limit": wanted.connection_rate,
        "smtpd_client_message_rate_limit": wanted.message_rate,
        "smtpd_client_recipient_rate_limit": wanted.recipient_rate,
        "smtpd_client_auth_rate_limit": wanted.auth_rate,
    }
    for name, rate in rates.items():
        if rate:
            yield P(name, str(rate))
