"""What is refused, and when: restrictions of port 25, and what every listener insists on."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address

from mailconf.formats.postfix import Parameter as P
from mailconf.formats.postfix import Section
from mailconf.model.endpoint import Network
from mailconf.model.requests.mta import Stage
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.options import Postscreen
from mailconf.plugins.postfix.tables import DIRECTORY, QUOTA_CLASS, backups, table

# Programs and our own hosts are held to their senders by a milter; DNS need not be asked about them.
SENDERS = ("permit_mynetworks", "reject_non_fqdn_sender", "reject_unknown_sender_domain")
OWN_NAMES = f"check_recipient_access regexp:{DIRECTORY}/own_names"


def refusal(duty: Duty) -> Iterator[Section]:
    """Yield restrictions; without listeners only what the loopback interface needs."""
    yield Section(
        (
            "Restrictions for all listeners. Each service in master.cf sets its own restrictions.",
            "Recipient probes use the null sender: mail to $double_bounce_sender would be accepted",
            "from any client, without restrictions (ADDRESS_VERIFICATION_README).",
        ),
        (
            P("smtpd_helo_required", "yes"),
            P("disable_vrfy_command", "yes"),
            P("address_verify_sender", "<>"),
        ),
    )
    yield _smuggling(duty)
    yield _port_25(duty)
    if duty.quota_services:
        yield _quota(duty)
    if duty.external:
        yield _verification(duty)
    if duty.mx and duty.options.postscreen:
        yield _postscreen(duty.options.postscreen)
    if duty.submissions:
        yield _logins(duty)


def _port_25(duty: Duty) -> Section:
    relaying = ("permit_mynetworks", OWN_NAMES, "reject_unauth_destination")
    return Section(
        (
            "Port 25: accept mail from any client, for hosted domains only, without authentication. DSNs",
            "on success (RFC 3461) are off: they would go to senders that may be forged.",
        ),
        (
            P("smtpd_relay_restrictions", ", ".join(relaying)),
            P("smtpd_sender_restrictions", ", ".join(SENDERS)),
            P("smtpd_recipient_restrictions", ", ".join(recipients(duty, "mx-recipient"))),
            P("smtpd_sasl_auth_enable", "no"),
            P("smtpd_discard_ehlo_keywords", "silent-discard, dsn"),
        ),
    )


def _smuggling(duty: Duty) -> Section:
    return Section(
        (
            "SMTP smuggling (CVE-2023-51764): only <CR><LF>.<CR><LF> ends a message.",
            "Bare newlines are normalized; unauthorized pipelining is rejected.",
        ),
        duty.where_known(
            P("smtpd_forbid_bare_newline", bare_newline(duty)),
            P("smtpd_forbid_bare_newline_exclusions", ", ".join(_exclusions(duty))),
            P("smtpd_forbid_unauth_pipelining", "yes"),
            P("smtpd_data_restrictions", "reject_unauth_pipelining"),
        ),
    )


def bare_newline(duty: Duty) -> str:
    """The first backports knew `yes` and `no` only; `normalize` came with the reject code."""
    return "normalize" if duty.knows("smtpd_forbid_bare_newline_reject_code") else "yes"


def _logins(duty: Duty) -> Section:
    return Section(
        ("Authentication and permitted sender addresses, for the submission services.",),
        (
            P("smtpd_sasl_type", "dovecot"),
            P("smtpd_sasl_path", "private/auth"),
            P("smtpd_sasl_security_options", "noanonymous"),
            P("smtpd_sender_login_maps", ", ".join(_login_maps(duty))),
        ),
    )


def _quota(duty: Duty) -> Section:
    services = (f"check_policy_service {service}" for service in duty.quota_services)
    return Section(
        ("Quota check at the mail store, for hosted recipients only.",),
        (P("smtpd_restriction_classes", QUOTA_CLASS), P(QUOTA_CLASS, ", ".join(services))),
    )


def _verification(duty: Duty) -> Section:
    """Accounts in a database or directory: only the store can say who exists."""
    backup = (P("unverified_recipient_tempfail_action", "permit"),) if duty.is_backup else ()
    return Section(
        ("Who is not in the spec may be in the store's database: it is asked, and remembered.",),
        (
            P("unverified_recipient_reject_code", "550"),
            P("address_verify_poll_count", "5"),
            P("address_verify_poll_delay", "1s"),
            *backup,
        ),
    )


def _postscreen(wanted: Postscreen) -> Section:
    return Section(
        (
            "Spam bots send before the greeting, or are on DNS blocklists.",
            "Only these results count; others report that the list rejects the query.",
        ),
        (
            P("postscreen_access_list", "permit_mynetworks"),
            P("postscreen_greet_action", "enforce"),
            P("postscreen_dnsbl_sites", ", ".join(wanted.dnsbl)),
            P("postscreen_dnsbl_threshold", str(wanted.threshold)),
            P("postscreen_dnsbl_action", "enforce"),
        ),
    )


def _login_maps(duty: Duty) -> Iterator[str]:
    yield table("sender_logins")
    if duty.external:
        yield f"regexp:{DIRECTORY}/own_logins"


def _exclusions(duty: Duty) -> tuple[str, ...]:
    networks = duty.options.trust_bare_newlines_from
    return ("$mynetworks", *(_spelled(network) for network in networks))


def _spelled(network: Network) -> str:
    """Write a network as mynetworks does: an IPv6 address in brackets (postconf(5))."""
    address = network.network_address
    shown = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    return f"{shown}/{network.prefixlen}"


def recipients(duty: Duty, policy: Stage) -> Iterator[str]:
    """Yield restrictions for RCPT TO: nobody unknown, then what the policy services say.

    A relay is asked only by our own hosts, which have judged the recipient already. Programs on
    the host may write to `root` and `root@localhost`, as with sendmail(1).
    """
    full, listed = "reject_non_fqdn_recipient", "reject_unlisted_recipient"
    if policy != "mx-recipient":
        yield from (full, OWN_NAMES, listed)
    elif duty.host.is_("relay"):
        yield from ("permit_mynetworks", full, listed)
    else:
        yield from (listed, "permit_mynetworks", full)
    if duty.external:
        yield f"check_recipient_access {table('known_recipients')}"
    for service in duty.policy_services(policy):
        yield f"check_policy_service {service}"
    if duty.quota_services:
        if backups(duty) and policy == "mx-recipient":
            # What a backup MX has accepted must not bounce: its senders are gone.
            yield f"check_client_access {table('backup_hosts')}"
        yield f"check_recipient_access {table('quota_asked')}"
