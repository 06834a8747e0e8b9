"""The milters that sign and judge, and what is done with bounces."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Parameter as P
from mailconf.formats.postfix import Section
from mailconf.model.requests.mta import CanonicalMap
from mailconf.plugins.postfix.duty import Duty


def whole_messages() -> tuple[P, ...]:
    """Leave messages inside messages alone: signatures cover them (header_checks(5))."""
    return P("nested_header_checks", ""), P("mime_header_checks", "")


def filters(duty: Duty) -> Iterator[Section]:
    """Yield the milters that other plugins ask for; rewriting of senders comes before them."""
    yield Section(
        (
            "DKIM signing and verification. If the milter is down, mail is deferred.",
            "Bounces from this host are signed too.",
        ),
        (
            P("smtpd_milters", duty.milters("smtpd")),
            P("non_smtpd_milters", duty.milters("local")),
            P("milter_default_action", "tempfail"),
            P("internal_mail_filter_classes", "bounce"),
        ),
    )
    yield from _header_checks(duty)
    rewriting = [
        P(f"{which}_canonical_maps", ", ".join(tables))
        for which in ("sender", "recipient")
        if (tables := [one.table for one in duty.requested(CanonicalMap) if one.which == which])
    ]
    if rewriting:
        yield Section(
            ("Rewrite the sender of forwarded mail, so that SPF passes (SRS).",),
            (
                *rewriting,
                P("sender_canonical_classes", "envelope_sender"),
                P("recipient_canonical_classes", "envelope_recipient, header_recipient"),
            ),
        )


INTERNAL = "regexp:/etc/postfix/smtp_header_checks"


def _header_checks(duty: Duty) -> Iterator[Section]:
    if duty.mx:
        yield Section(
            (
                "Remove Authentication-Results headers that claim this host's name: they can be",
                "forged (RFC 8601 section 5).",
            ),
            (P("header_checks", "regexp:/etc/postfix/header_checks"), *whole_messages()),
        )
    if duty.is_egress and duty.senders:
        yield Section(
            ("Remove the field with which MX hosts mark mail of external hosts for the signer.",),
            (P("smtp_header_checks", INTERNAL),),
        )
    if duty.is_edge and duty.mx and not duty.is_egress:
        yield Section(
            ("Remove the field that marks mail of external hosts for the relay's signer.",),
            (P("lmtp_header_checks", INTERNAL),),
        )
