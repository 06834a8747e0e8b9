"""What Postfix takes without a word and does not do, or does at the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.plugins.postfix.reviews.reading import Reading

COMMENT = re.compile(r"\s#")
ABSOLUTE_SOCKET = re.compile(r"\bunix:/(?!/)\S*")
SIZES = ("mailbox_size_limit", "virtual_mailbox_limit")

TRAILING = Rule(
    code="PFX012",
    name="postfix-comment-in-value",
    severity=Severity.ERROR,
    message="{name} is {value!r}; Postfix treats a comment on the same line as part of the value",
    fix="put the comment on a line of its own",
    ref="postconf(5), Postfix 3.8 RELEASE_NOTES",
    bad="message_size_limit = 50000000 # 50 MB",
    good="# 50 MB\nmessage_size_limit = 50000000",
    language="main.cf",
)
HIDDEN_ON_MX = Rule(
    code="PFX014",
    name="postfix-client-hidden-on-25",
    severity=Severity.WARNING,
    message="smtpd_hide_client_session is set on port 25; Received headers do not show the sending server",
    fix="set it in the submission services only",
    ref="postconf(5) smtpd_hide_client_session",
    bad="smtpd_hide_client_session = yes",
    good="smtpd_tls_received_header = yes",
    language="main.cf",
)
TOO_SMALL = Rule(
    code="PFX015",
    name="postfix-mailbox-smaller-than-message",
    severity=Severity.ERROR,
    message="{name} is {value}, below message_size_limit ({limit}); Postfix cannot deliver any mail",
    fix="set {name} = 0; the mail store enforces quotas",
    ref="postconf(5) mailbox_size_limit",
    bad="mailbox_size_limit = 51200000\nmessage_size_limit = 52428800",
    good="mailbox_size_limit = 0\nmessage_size_limit = 52428800",
    language="main.cf",
)
PREFERENCE = Rule(
    code="PFX016",
    name="postfix-one-family-preferred",
    severity=Severity.WARNING,
    message="smtp_address_preference is {value}; mail is delayed while that address family is unreachable",
    fix="set any, or inet_protocols = ipv4",
    ref="postconf(5) smtp_address_preference",
    bad="smtp_address_preference = ipv6",
    good="smtp_address_preference = any",
    language="main.cf",
)
OUTSIDE_CHROOT = Rule(
    code="PFX017",
    name="postfix-socket-outside-chroot",
    severity=Severity.ERROR,
    message="{name} is {socket}, which a chrooted service cannot reach",
    fix="use a path below the queue directory, such as unix:private/NAME",
    ref="master(5), chroot; Debian's master.cf",
    bad="virtual_transport = lmtp:unix:/run/dovecot/lmtp",
    good="virtual_transport = lmtp:unix:private/dovecot-lmtp",
    language="main.cf",
)
MILTER_ACTION = Rule(
    code="PFX018",
    name="postfix-milter-action-implicit",
    severity=Severity.NOTICE,
    message="milter_default_action is not set; its default changed from tempfail to shutdown in 3.10.8",
    fix="set milter_default_action = tempfail",
    ref="postconf(5) milter_default_action",
    bad="smtpd_milters = inet:127.0.0.1:8891",
    good="smtpd_milters = inet:127.0.0.1:8891\nmilter_default_action = tempfail",
    language="main.cf",
)
NO_SUCH_WORD = Rule(
    code="PFX026",
    name="postfix-value-unknown",
    severity=Severity.ERROR,
    message="{name} is {value!r}; expected one of {wanted}",
    fix="correct the value; postconf accepts it, but the daemon fails",
    ref="postconf(5)",
    bad="smtpd_tls_auth_only = ja",
    good="smtpd_tls_auth_only = yes",
    language="main.cf",
)
CLIENT_LEVELS = (
    *("none", "may", "encrypt", "dane", "dane-only"),
    *("fingerprint", "verify", "secure"),
)
# Parameters that take one word of a few, in capitals or not (postconf(5)).
WORDS: dict[str, tuple[str, ...]] = {
    "lmtp_tls_security_level": CLIENT_LEVELS,
    "milter_default_action": ("accept", "reject", "tempfail", "quarantine", "shutdown"),
    "smtp_dns_support_level": ("disabled", "enabled", "dnssec"),
    "smtp_tls_security_level": CLIENT_LEVELS,
    "smtpd_tls_security_level": ("none", "may", "encrypt"),
} | dict.fromkeys(
    (
        *("append_dot_mydomain", "biff", "disable_vrfy_command", "enable_long_queue_ids"),
        *("lmtp_tls_wrappermode", "smtp_sasl_auth_enable", "smtp_tls_wrappermode"),
        *("smtp_tlsrpt_enable", "smtpd_helo_required", "smtpd_hide_client_session"),
        *("smtpd_sasl_auth_enable", "smtpd_tls_auth_only", "smtpd_tls_received_header"),
        *("smtpd_tls_wrappermode", "smtputf8_enable", "tls_preempt_cipherlist"),
    ),
    ("yes", "no"),
)


def traps(seen: Reading) -> Iterator[Finding]:
    """Yield the traps of main.cf."""
    limit = seen.values.get("message_size_limit", "")
    for name in SIZES:
        value = seen.values.get(name, "")
        if value.isdigit() and limit.isdigit() and 0 < int(value) < int(limit):
            yield seen.found(TOO_SMALL, name=name, value=value, limit=limit)
    preference = seen.values.get("smtp_address_preference", "any")
    if preference != "any":
        yield seen.found(PREFERENCE, "smtp_address_preference", value=preference)
    if seen.words("smtpd_milters") and "milter_default_action" not in seen.values:
        yield seen.found(MILTER_ACTION)
    yield from anywhere(seen)


def anywhere(seen: Reading) -> Iterator[Finding]:
    """Yield the traps that either file may hold."""
    is_mx = not seen.service or seen.service.name in ("smtp", "25", "smtpd")
    if is_mx and seen.values.get("smtpd_hide_client_session") == "yes":
        yield seen.found(HIDDEN_ON_MX, "smtpd_hide_client_session")
    for name, value in seen.values.items():
        wanted = WORDS.get(name, ())
        if wanted and value and "$" not in value and value.lower() not in wanted:
            yield seen.found(NO_SUCH_WORD, name=name, value=value, wanted=", ".join(wanted))
        if COMMENT.search(value):
            yield seen.found(TRAILING, name=name, value=value)
        socket = ABSOLUTE_SOCKET.search(value) if _is_in_chroot(seen) else None
        if socket:
            yield seen.found(OUTSIDE_CHROOT, name=name, socket=socket[0])


def _is_in_chroot(seen: Reading) -> bool:
    """Debian runs Postfix in a chroot up to 3.10; a service says so itself."""
    return seen.service.chroot == "y" if seen.service else seen.version < (3, 11)
