"""What is refused, and when: restrictions of port 25, and what every listener insists on."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Parameter as P
from mailconf.formats.postfix import Section
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.options import Postscreen
from mailconf.plugins.postfix.tables import table


def refusal(duty: Duty) -> Iterator[Section]:
    """Yield restrictions; without listeners only what the loopback interface needs."""
    yield Section(
        ("What every listener refuses. Each service in master.cf restates its own restrictions.",),
        (P("smtpd_helo_required", "yes"), P("disable_vrfy_command", "yes")),
    )
    yield Section(
        (
            "SMTP smuggling (CVE-2023-51764): only <CR><LF>.<CR><LF> ends a message.",
            "A bare newline is mended; a client that pipelines out of turn is cut off.",
        ),
        duty.where_known(
            P("smtpd_forbid_bare_newline", "normalize"),
            P("smtpd_forbid_bare_newline_exclusions", ", ".join(_exclusions(duty))),
            P("smtpd_forbid_unauth_pipelining", "yes"),
            P("smtpd_data_restrictions", "reject_unauth_pipelining"),
        ),
    )
    yield Section(
        ("Port 25: from anybody, to our own domains only, without logging in.",),
        (
            P("smtpd_relay_restrictions", "permit_mynetworks, reject_unauth_destination"),
            P("smtpd_sender_restrictions", "reject_non_fqdn_sender, reject_unknown_sender_domain"),
            P("smtpd_recipient_restrictions", ", ".join(recipients(duty, "mx_policy"))),
            P("smtpd_sasl_auth_enable", "no"),
        ),
    )
    if duty.mx and duty.options.postscreen:
        yield _postscreen(duty.options.postscreen)
    if duty.submissions:
        yield Section(
            ("Who may log in, and as whom they may send. Only submission services ask for it.",),
            (
                P("smtpd_sasl_type", "dovecot"),
                P("smtpd_sasl_path", "private/auth"),
                P("smtpd_sasl_security_options", "noanonymous"),
                P("smtpd_sender_login_maps", table("sender_logins")),
            ),
        )


def _postscreen(wanted: Postscreen) -> Section:
    return Section(
        (
            "Spam bots do not wait for their turn, and stand in lists of such machines.",
            "Only the answers named here count: others say that the list refuses the question.",
        ),
        (
            P("postscreen_access_list", "permit_mynetworks"),
            P("postscreen_greet_action", "enforce"),
            P("postscreen_dnsbl_sites", ", ".join(wanted.dnsbl)),
            P("postscreen_dnsbl_threshold", str(wanted.threshold)),
            P("postscreen_dnsbl_action", "enforce"),
        ),
    )


def _exclusions(duty: Duty) -> tuple[str, ...]:
    return ("$mynetworks", *duty.options.trust_bare_newlines_from)


def recipients(duty: Duty, policy: str) -> Iterator[str]:
    """Yield restrictions for RCPT TO: nobody unknown, then what the policy services say.

    A relay is asked only by our own hosts, which have judged the recipient already.
    """
    if duty.host.is_("relay") and policy == "mx_policy":
        yield "permit_mynetworks"
    yield "reject_non_fqdn_recipient"
    yield "reject_unlisted_recipient"
    for service in duty.asked(policy):
        yield f"check_policy_service {service}"
