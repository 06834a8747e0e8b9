"""Who may send as whom: the decision on one message, from what the MTA and the message say."""

from __future__ import annotations

import re

from .fields import Unreadable, authors, is_cut_name
from .results import may_be_of
from .rules import (
    MALFORMED,
    MOST_FIELDS,
    MOST_OCTETS,
    Message,
    Refusal,
    Rules,
    is_listed,
    is_login_of,
    not_among,
)
from .scripts import from_sieve
from .strangers import misread

EXTERNAL = "X-Mailconf-External"
"""Added to what strangers send, where it may be forwarded through a relay: that does not sign it."""
# What hosts of a site write about mail that they have judged; from outside it is forged.
TRACES = re.compile(r"x-spam.*|x-rspamd.*|received-spf|x-mailconf-external", re.IGNORECASE)


def refusal(message: Message, rules: Rules) -> Refusal | None:
    """Return why a message is refused, or None."""
    try:
        found = _authors(message)
    except Unreadable as why:
        return Refusal(MALFORMED, f"{why} (RFC 5322 section 3.6)")
    if rules.sieve and message.daemon == rules.sieve.daemon:
        return from_sieve(message, rules, rules.sieve, found)
    if message.login:
        return not_among(found, message.login, lambda a: is_login_of(message.login, a, rules))
    if message.is_local(rules) or message.client in rules.hosts:
        return _from_program(message, rules, found)
    return None if message.client in rules.trusted else _from_stranger(message, found)


def _from_stranger(message: Message, found: list[str]) -> Refusal | None:
    if len(found) > 1:
        return Refusal(MALFORMED, "the From field has several authors, which DMARC cannot evaluate")
    return misread(message)


def _authors(message: Message) -> list[str]:
    """Return the authors that all readers see; raises Unreadable."""
    if message.is_too_large:
        raise Unreadable(f"the header has more than {MOST_FIELDS} fields or {MOST_OCTETS} octets")
    if any(is_cut_name(name) for name, _ in message.fields):
        raise Unreadable("the header has a field name longer than 997 octets")
    return authors(message.named("from"))


def _from_program(message: Message, rules: Rules, found: list[str]) -> Refusal | None:
    """Hold the envelope and the header to what the spec gives the host."""
    is_local = message.is_local(rules)
    given = rules.programs if is_local else rules.hosts[message.client]
    used = [*found, message.mail_from] if message.mail_from else found
    who = "a program on this host" if is_local else f"the host {message.client}"
    return not_among(used, who, lambda address: is_listed(address, given))


def is_external(message: Message, rules: Rules) -> bool:
    """Tell whether a message comes from a stranger, and leaves through a relay where it is forwarded."""
    is_of_site = message.client in (*rules.trusted, *rules.hosts) or message.is_local(rules)
    return rules.forwards_to_relay and not is_of_site and not message.login


def forged_traces(message: Message, rules: Rules) -> list[int]:
    """Return the positions of fields that only hosts of the site may write, last first."""
    is_local = message.is_local(rules)
    if message.client in rules.trusted and not is_local:
        return []
    kept = 1 if rules.has_spf_field and not is_local and not message.login else 0
    wrong = []
    for position, (name, value) in enumerate(message.fields):
        plain = name.strip().lower()
        if plain == "received-spf" and kept:
            kept -= 1
        elif TRACES.fullmatch(plain) or may_be_of(name, value, rules.hostnames):
            wrong.append(position)
    return wrong[::-1]
