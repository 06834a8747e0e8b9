"""Values that switch off what holds senders and strangers to the spec, or that let clients pretend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.plugins.postfix.reviews import lists
from mailconf.plugins.postfix.reviews.reading import Reading

OFF = Rule(
    code="PFX028",
    name="postfix-protection-off",
    severity=Severity.ERROR,
    message="{name} = {value}: {effect}",
    fix="leave it out, or waive this with the reason",
    ref="postconf(5), MILTER_README, XCLIENT_README",
    bad="receive_override_options = no_milters",
    good="receive_override_options =",
    language="main.cf",
)
# parameter: the words that take a protection away, and which one.
WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "receive_override_options": (
        ("no_milters", "no_unknown_recipient_checks"),
        "mail is neither checked nor signed by milters, or taken for recipients that do not exist",
    ),
    "allow_untrusted_routing": (("yes",), "addresses with a route (user@elsewhere@here) relay"),
    "milter_default_action": (
        ("accept",),
        "mail passes unchecked and unsigned while a milter does not answer",
    ),
    "smtpd_tls_auth_only": (("no",), "passwords may be sent without TLS"),
    "local_login_sender_maps": (("static:*",), "every local user sends as anybody"),
}
LABEL = re.compile(r"\.?[A-Za-z0-9-]+\.?")
"""A single one: a top-level domain."""
PRETENDING = ("smtpd_authorized_xclient_hosts", "smtpd_authorized_xforward_hosts")
FOR_EVERYBODY = "clients there may claim any address, and the rights of this host"
MILTERS = ("smtpd_milters", "non_smtpd_milters")


def protections(seen: Reading) -> Iterator[Finding]:
    """Yield what an operator's own parameters take away."""
    for name, effect in _taken_away(seen):
        value = seen.values[name] or "empty"
        yield seen.found(OFF, name=name, value=value, effect=effect)


def _taken_away(seen: Reading) -> Iterator[tuple[str, str]]:
    """Yield parameters with what their value leads to."""
    for name, (words, effect) in WORDS.items():
        if set(seen.words(name)).intersection(words):
            yield name, effect
    yield from (
        (name, FOR_EVERYBODY) for name in PRETENDING if not all(map(_is_loopback, seen.words(name)))
    )
    relayed = seen.words("relay_domains")
    if any(answer for word in relayed for answer in lists.answers(word)):
        yield "relay_domains", "mail to every domain is relayed"
    labels = [word for word in relayed if LABEL.fullmatch(word)]
    if labels:
        yield "relay_domains", f"mail to every name below {labels[0]} is relayed"
    for name in MILTERS:
        if seen.is_own(name) and not seen.words(name):
            yield name, "authors are not checked, and mail is not signed"
    if seen.words("smtpd_milter_maps"):
        yield "smtpd_milter_maps", "clients that it names pass the milters by"


def _is_loopback(text: str) -> bool:
    """Tell whether an address or network is this host's alone; tables and names may hold anything."""
    try:
        return ip_network(text.replace("[", "").replace("]", ""), strict=False).is_loopback
    except ValueError:
        return text == "$mynetworks"
