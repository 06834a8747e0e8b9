"""What Sieve scripts send: notices in their owner's name, and the mail of others that they redirect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from .results import RESULTS, failed_dmarc
from .rules import (
    NOT_ALLOWED,
    Message,
    Refusal,
    Rules,
    Sieve,
    is_listed,
    is_login_of,
    is_of_site,
    is_rewritten,
    logins_of,
    not_among,
    organization,
    owners_of,
)

REDIRECTED = "x-sieve-redirected-from"
# A notification of a Sieve script, and whose script it is (RFC 5436 §2.7.1) as Dovecot writes it: the
# address as it is, so that quotes of a local part stand between the outer ones.
NOTIFIED = re.compile(r"\s*auto-notified\b", re.IGNORECASE)
OWNER = re.compile(r'\s*auto-notified\s*;\s*owner-email\s*=\s*"(.*)"\s*', re.IGNORECASE | re.DOTALL)


def from_sieve(message: Message, rules: Rules, sieve: Sieve, found: list[str]) -> Refusal | None:
    """Hold notices to the mailbox whose script sends them; what is redirected has its own author."""
    if message.account != sieve.user:
        return Refusal(NOT_ALLOWED, "only the mail store may connect here")
    if message.named(REDIRECTED) and (refused := _laundered(message, rules, found)):
        return refused
    if _is_redirected(message, rules):
        return None
    if not message.mail_from:
        return _without_return_path(message, rules, sieve, found)
    return _from_script_of((message.mail_from,), rules, found)


def _from_script_of(owners: Sequence[str], rules: Rules, found: list[str]) -> Refusal | None:
    """Hold a notice to the mailbox of its owner: who else may send as that has rights of their own."""
    logins = {login for owner in owners for login in owners_of(owner, rules)}
    return not_among(
        found,
        f"the script of {' and '.join(owners) or 'an unknown owner'}",
        lambda address: any(is_login_of(login, address, rules) for login in logins),
    )


def _without_return_path(
    message: Message, rules: Rules, sieve: Sieve, found: list[str]
) -> Refusal | None:
    """Hold what the store sends with the null sender: notifications, rejections, and redirected bounces.

    Dovecot notifies of a bounce with the null sender, too, in the name that the script gives.
    """
    notices = [one for one in message.named("auto-submitted") if NOTIFIED.match(one)]
    # The reply to the store names the owner in one line.
    owners = [" ".join(owner[1].split()) for one in notices if (owner := OWNER.fullmatch(one))]
    if message.named(REDIRECTED):
        return _bounce(owners, rules, found)
    if notices:
        return _from_script_of(owners if len(notices) == 1 else (), rules, found)
    return not_among(found, "a notice", partial(is_listed, given=sieve.authors))


def _bounce(owners: list[str], rules: Rules, found: list[str]) -> Refusal | None:
    """Hold a redirected bounce: of the site, only hosts write them.

    Another author would pass DMARC by the host's HELO name. The field that says so may be written by
    a script, or the notification by a stranger: neither is redirected.
    """
    if any(is_of_site(owner, rules) for owner in owners):
        return Refusal(NOT_ALLOWED, "a notification of this site is not redirected")
    hosts = [f"@{name}" for name in rules.hostnames]
    return not_among(
        found, "a bounce", lambda one: is_listed(one, hosts) or not is_of_site(one, rules)
    )


def _laundered(message: Message, rules: Rules, found: list[str]) -> Refusal | None:
    """Refuse to redirect what failed DMARC, where it would pass by SPF of the sender with which it leaves.

    A policy of none lets such mail in. Its results are those of a host of the site: forged ones are
    taken out where mail comes in, and what a user of the site sends is held to that user.
    """
    if not failed_dmarc(message.named(RESULTS), rules.hostnames):
        return None
    sender = organization(message.mail_from, rules) or organization(rules.srs_domain, rules)
    # The null sender leaves under the host's name.
    counts = {sender} if message.mail_from else rules.organizations
    return not_among(
        found,
        "redirected mail that failed DMARC",
        lambda one: organization(one, rules) not in counts - {""},
    )


def _is_redirected(message: Message, rules: Rules) -> bool:
    """Tell whether somebody else wrote the message: a field alone says so of a notice as well.

    Scripts write what fields they like; but the sender of what they make is their owner, and of what
    they redirect whoever sent it. Where that is a user of the site, the author is held to that user.
    """
    is_of_user = not is_rewritten(message.mail_from, rules) and logins_of(message.mail_from, rules)
    return bool(message.named(REDIRECTED) and message.mail_from and not is_of_user)


def is_notice(message: Message, rules: Rules) -> bool:
    """Tell whether a Sieve script made the message itself: such mail has no return path (RFC 5230 §5.1)."""
    from_sieve = rules.sieve is not None and message.daemon == rules.sieve.daemon
    return from_sieve and bool(message.mail_from) and not message.named(REDIRECTED)
