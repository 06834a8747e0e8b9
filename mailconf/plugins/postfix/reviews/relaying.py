"""Who may send what to whom: no open relay, no backscatter, no forged senders."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.plugins.postfix.reviews import lists
from mailconf.plugins.postfix.reviews.reading import Reading

STOPS = frozenset(
    ("reject_unauth_destination", "defer_unauth_destination", "reject", "defer", "defer_if_permit")
)
OPENERS = frozenset(("permit", "check_relay_domains", "permit_naked_ip_address"))
RELAY, RECIPIENT = "smtpd_relay_restrictions", "smtpd_recipient_restrictions"
NORMAL = ("normalize", "reject", "yes")

OPEN = Rule(
    code="PFX001",
    name="postfix-open-relay",
    severity=Severity.ERROR,
    message="{name} is {value!r}, which does not reject relaying by unauthenticated clients",
    fix="end it with reject_unauth_destination",
    ref="postconf(5) smtpd_relay_restrictions, SMTPD_ACCESS_README",
    bad="smtpd_relay_restrictions = permit_mynetworks, permit",
    good="smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
    language="main.cf",
)
TOO_WIDE = Rule(
    code="PFX002",
    name="postfix-mynetworks-too-wide",
    severity=Severity.ERROR,
    message="mynetworks contains {network}, whose hosts can relay without authentication",
    fix="list only loopback networks; other machines can authenticate on port 465",
    ref="postconf(5) mynetworks",
    bad="mynetworks = 127.0.0.0/8 172.16.0.0/12",
    good="mynetworks = 127.0.0.0/8 [::1]/128",
    language="main.cf",
)
SMUGGLING = Rule(
    code="PFX007",
    name="postfix-bare-newline-allowed",
    severity=Severity.ERROR,
    message="smtpd_forbid_bare_newline is {value}, which allows SMTP smuggling",
    fix="set smtpd_forbid_bare_newline = normalize (Postfix 3.5.24, 3.6.14, 3.7.10, 3.8.5, 3.9 or later)",
    ref="CVE-2023-51764, www.postfix.org/smtp-smuggling.html",
    bad="smtpd_forbid_bare_newline = no",
    good="smtpd_forbid_bare_newline = normalize",
    language="main.cf",
)
NO_LOGIN_CHECK = Rule(
    code="PFX013",
    name="postfix-sender-not-checked",
    severity=Severity.WARNING,
    message="{service} lets authenticated users send with any sender address",
    fix="add smtpd_sender_restrictions=reject_sender_login_mismatch",
    ref="SASL_README, envelope sender address authorization",
    bad="submission inet n - y - - smtpd\n  -o smtpd_sasl_auth_enable=yes",
    good=(
        "submission inet n - y - - smtpd\n  -o smtpd_sasl_auth_enable=yes\n"
        "  -o smtpd_sender_restrictions=reject_sender_login_mismatch"
    ),
    language="master.cf",
)
UNKNOWN_RECIPIENTS = Rule(
    code="PFX020",
    name="postfix-recipients-not-validated",
    severity=Severity.WARNING,
    message="{domains} is set but {maps} is empty; mail to unknown recipients is accepted and bounced later (backscatter)",
    fix="list the valid recipients in {maps}",
    ref="BACKSCATTER_README",
    bad="relay_domains = example.org\nrelay_recipient_maps =",
    good=(
        "relay_domains = example.org\nrelay_recipient_maps = texthash:/etc/postfix/relay_recipients"
    ),
    language="main.cf",
)
LOCAL_TOO = Rule(
    code="MX008",
    name="domain-local-and-virtual",
    severity=Severity.ERROR,
    message="mydestination contains {domain}, which has virtual mailboxes; its mail would not reach them",
    fix="leave mydestination empty",
    ref="VIRTUAL_README, ADDRESS_CLASS_README",
    bad="mydestination = example.org, localhost",
    good="mydestination =",
    language="main.cf",
)
MAPS = {
    "relay_domains": "relay_recipient_maps",
    "virtual_mailbox_domains": "virtual_mailbox_maps",
}


def relaying(seen: Reading) -> Iterator[Finding]:
    """Yield what opens a relay or takes mail that cannot be delivered, in main.cf."""
    if RELAY in seen.values and _lets_through(seen, RELAY) and _lets_through(seen, RECIPIENT):
        yield seen.found(OPEN, name=RELAY, value=seen.values[RELAY])
    for word in seen.words("mynetworks"):
        for network in (word, *lists.networks(word)):
            if _is_too_wide(network, seen):
                yield seen.found(TOO_WIDE, "mynetworks", network=network)
    forbid = seen.values.get("smtpd_forbid_bare_newline", "not set")
    is_new = seen.version >= (3, 9)
    if forbid not in NORMAL and not (is_new and forbid == "not set"):
        yield seen.found(SMUGGLING, "smtpd_forbid_bare_newline", value=forbid)
    yield from _classes(seen)


def _classes(seen: Reading) -> Iterator[Finding]:
    """Every domain is of one class, and the recipients of every class are known."""
    for domain in seen.words("mydestination"):
        if domain in seen.domains:
            yield seen.found(LOCAL_TOO, "mydestination", domain=domain)
    for domains, maps in MAPS.items():
        if seen.words(domains) and not seen.words(maps):
            yield seen.found(UNKNOWN_RECIPIENTS, maps, domains=domains, maps=maps)


def _lets_through(seen: Reading, name: str) -> bool:
    """Tell whether a restriction list ends without refusing, or permits before it refuses.

    Both lists are evaluated, and one that refuses is enough (SMTPD_ACCESS_README). Without one of
    its own, Postfix has a smtpd_relay_restrictions that refuses.
    """
    for word in seen.words(name):
        if word in STOPS:
            return False
        if word in OPENERS or any(_permits(answer) for answer in lists.answers(word)):
            return True
    return True


def _permits(answer: str) -> bool:
    """Tell whether what a table answers lets mail through (access(5))."""
    return answer.upper() == "OK" or answer.isdigit() or answer in OPENERS


def _is_too_wide(text: str, seen: Reading) -> bool:
    if any(lists.answers(text)):
        return True
    try:
        network = ip_network(text.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return False  # a file or a reference: what it holds is not known here
    return not (network.is_loopback or network in seen.addresses)


def users(seen: Reading) -> Iterator[Finding]:
    """Yield what lets users send as others, in one service of master.cf."""
    if seen.values.get("smtpd_sasl_auth_enable") != "yes" or not seen.service:
        return
    checked = seen.words("smtpd_sender_restrictions") + seen.words("smtpd_recipient_restrictions")
    if not any("sender_login_mismatch" in word for word in checked):
        yield seen.found(NO_LOGIN_CHECK, service=seen.service.name)
