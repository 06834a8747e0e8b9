"""Who may send as whom: the decision on one message, from what the MTA and the message say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from .fields import Unreadable, authors, has_cut_line, is_cut_name

MOST_FIELDS = 10_000
REDIRECTED = "x-sieve-redirected-from"
EXTERNAL = "X-Mailconf-External"
"""Added to what strangers send, where it may be forwarded through a relay: that does not sign it."""
# What hosts of a site write about mail that they have judged; from outside it is forged.
TRACES = re.compile(r"x-spam.*|x-rspamd.*|received-spf|x-mailconf-external", re.IGNORECASE)
RESULTS = ("authentication-results", "arc-authentication-results")
# A notification of a Sieve script, and whose script it is (RFC 5436 §2.7.1) as Dovecot writes it: the
# address as it is, so that quotes of a local part stand between the outer ones.
NOTIFIED = re.compile(r"\s*auto-notified\b", re.IGNORECASE)
OWNER = re.compile(r'\s*auto-notified\s*;\s*owner-email\s*=\s*"(.*)"\s*', re.IGNORECASE | re.DOTALL)
SRS = re.compile(r"srs[01][-+=]")
MALFORMED, NOT_ALLOWED = "554 5.6.0", "550 5.7.1"


@dataclass(frozen=True)
class Sieve:
    """The service to which the mail store gives what Sieve scripts send."""

    daemon: str
    """Its {daemon_name}."""
    user: str
    """The account that delivers mail, which alone may connect."""
    authors: tuple[str, ...]
    """Who stands in rejections and other notices without a user."""
    port: int
    """The port of 127.0.0.1 on which it listens."""


@dataclass(frozen=True)
class Rules:
    """What the site allows on one host; addresses in lower case, `@domain` for all of a domain."""

    hostnames: tuple[str, ...]
    """The names of the site's hosts, under which they write results (RFC 8601 §2.5, authserv-id)."""
    logins: dict[str, tuple[str, ...]]
    """Who may send as an address, as smtpd_sender_login_maps has it (postconf(5))."""
    own_logins: tuple[str, ...]
    """Domains in which every login may send as itself."""
    own: tuple[str, ...]
    """The addresses of the host: who connects from them is a program on it."""
    programs: tuple[str, ...]
    """What programs on the host may send as."""
    hosts: dict[str, tuple[str, ...]]
    """By address: what a host of the site that has no users may send as."""
    trusted: tuple[str, ...]
    """Addresses of hosts of the site that have checked what they hand over."""
    sieve: Sieve | None = None
    has_spf_field: bool = False
    """Whether a policy service adds a Received-SPF field, the first of all."""
    forwards_to_relay: bool = False
    """Whether a relay of the site sends what aliases forward from here."""
    domains: frozenset[str] = frozenset()
    """The domains of the site, where a store sends what Sieve scripts redirect."""
    srs_domain: str = ""
    """The domain of rewritten senders (SRS): those are nobody's own, whoever gets mail for them."""


@dataclass
class Message:
    """What is known of a message at the end of its header.

    `client` is an IP address, and empty for sendmail(1); `account` is the local user behind a
    connection from this host, where it is known.
    """

    client: str
    daemon: str
    login: str = ""
    account: str = ""
    mail_from: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)

    def is_local(self, rules: Rules) -> bool:
        """Tell whether a program on this host sends it, over whichever of its addresses."""
        return self.client in ("", "::1", *rules.own) or self.client.startswith("127.")

    def named(self, name: str) -> list[str]:
        """Return the values of all fields of a name, given in lower case."""
        return [value for found, value in self.fields if found.strip().lower() == name]


@dataclass(frozen=True)
class Refusal:
    """A reply of SMTP."""

    code: str
    text: str


def refusal(message: Message, rules: Rules) -> Refusal | None:
    """Return why a message is refused, or None."""
    try:
        found = _authors(message)
    except Unreadable as why:
        return Refusal(MALFORMED, f"{why} (RFC 5322 section 3.6)")
    if rules.sieve and message.daemon == rules.sieve.daemon:
        return _from_sieve(message, rules, rules.sieve, found)
    if message.login:
        return _not_among(found, message.login, lambda a: is_login_of(message.login, a, rules))
    if message.is_local(rules) or message.client in rules.hosts:
        return _from_program(message, rules, found)
    if message.client not in rules.trusted and len(found) > 1:
        return Refusal(MALFORMED, "the From field has several authors, which DMARC cannot evaluate")
    return None


def _authors(message: Message) -> list[str]:
    """Return the authors that all readers see; raises Unreadable."""
    if len(message.fields) > MOST_FIELDS:
        raise Unreadable(f"the header has more than {MOST_FIELDS} fields")
    if any(is_cut_name(name) for name, _ in message.fields):
        raise Unreadable("the header has a field name longer than 997 octets")
    return authors(message.named("from"))


def _from_program(message: Message, rules: Rules, found: list[str]) -> Refusal | None:
    """Hold the envelope and the header to what the spec gives the host."""
    is_local = message.is_local(rules)
    given = rules.programs if is_local else rules.hosts[message.client]
    used = [*found, message.mail_from] if message.mail_from else found
    who = "a program on this host" if is_local else f"the host {message.client}"
    return _not_among(used, who, lambda address: is_listed(address, given))


def _from_sieve(message: Message, rules: Rules, sieve: Sieve, found: list[str]) -> Refusal | None:
    """Hold notices to the mailbox whose script sends them; what is redirected has its own author."""
    if message.account != sieve.user:
        return Refusal(NOT_ALLOWED, "only the mail store may connect here")
    if _is_redirected(message, rules):
        return None
    if not message.mail_from:
        return _without_return_path(message, rules, sieve, found)
    return _from_script_of((message.mail_from,), rules, found)


def _from_script_of(owners: Sequence[str], rules: Rules, found: list[str]) -> Refusal | None:
    logins = {login for owner in owners for login in logins_of(owner, rules)}
    return _not_among(
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
    return _not_among(found, "a notice", partial(is_listed, given=sieve.authors))


def _bounce(owners: list[str], rules: Rules, found: list[str]) -> Refusal | None:
    """Hold a redirected bounce: of the site, only hosts write them.

    Another author would pass DMARC by the host's HELO name. The field that says so may be written by
    a script, or the notification by a stranger: neither is redirected.
    """
    if any(is_of_site(owner, rules) for owner in owners):
        return Refusal(NOT_ALLOWED, "a notification of this site is not redirected")
    hosts = [f"@{name}" for name in rules.hostnames]
    return _not_among(
        found, "a bounce", lambda one: is_listed(one, hosts) or not is_of_site(one, rules)
    )


def is_of_site(address: str, rules: Rules) -> bool:
    """Tell whether the domain of an address is one of the site, or below one."""
    labels = address.lower().rpartition("@")[2].split(".")
    return any(".".join(labels[at:]) in rules.domains for at in range(len(labels)))


def _is_redirected(message: Message, rules: Rules) -> bool:
    """Tell whether somebody else wrote the message: a field alone says so of a notice as well.

    Scripts write what fields they like; but the sender of what they make is their owner, and of what
    they redirect whoever sent it. Where that is a user of the site, the author is held to that user.
    """
    is_of_user = not is_rewritten(message.mail_from, rules) and logins_of(message.mail_from, rules)
    return bool(message.named(REDIRECTED) and message.mail_from and not is_of_user)


def is_external(message: Message, rules: Rules) -> bool:
    """Tell whether a message comes from a stranger, and leaves through a relay where it is forwarded."""
    is_of_site = message.client in (*rules.trusted, *rules.hosts) or message.is_local(rules)
    return rules.forwards_to_relay and not is_of_site and not message.login


def is_rewritten(address: str, rules: Rules) -> bool:
    """Tell whether an address is a sender from elsewhere that was rewritten here (SRS0, SRS1)."""
    local, _, domain = address.lower().rpartition("@")
    return bool(rules.srs_domain) and domain == rules.srs_domain and bool(SRS.match(local))


def is_notice(message: Message, rules: Rules) -> bool:
    """Tell whether a Sieve script made the message itself: such mail has no return path (RFC 5230 §5.1)."""
    from_sieve = rules.sieve is not None and message.daemon == rules.sieve.daemon
    return from_sieve and bool(message.mail_from) and not message.named(REDIRECTED)


def logins_of(address: str, rules: Rules) -> tuple[str, ...]:
    """Return who may send as an address: the first of its forms that is listed (postconf(5))."""
    local, _, domain = address.lower().rpartition("@")
    plain = f"{_base(local)}@{domain}"
    own = (plain,) if domain in rules.own_logins else ()
    for form in (address.lower(), plain, f"@{domain}"):
        if form in rules.logins:
            return (*rules.logins[form], *own)
    return own


def _base(local: str) -> str:
    """Return a local part without its extension; quotes may stand around both."""
    return local.strip('"').partition("+")[0]


def is_login_of(login: str, address: str, rules: Rules) -> bool:
    """Tell whether a login may send as an address."""
    return login.lower() in logins_of(address, rules)


def is_listed(address: str, given: Iterable[str]) -> bool:
    """Tell whether an address is listed, with or without its extension, or its domain."""
    local, _, domain = address.lower().rpartition("@")
    plain = f"{_base(local)}@{domain}"
    return bool({f"{local}@{domain}", plain, f"@{domain}"} & set(given))


def _not_among(used: list[str], who: str, allows: Callable[[str], bool]) -> Refusal | None:
    wrong = [address for address in used if not allows(address)]
    if not wrong:
        return None
    return Refusal(NOT_ALLOWED, f"{who} may not send as {wrong[0]}")


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
        elif TRACES.fullmatch(plain) or (plain in RESULTS and _may_be_of(name, value, rules)):
            wrong.append(position)
    return wrong[::-1]


def _may_be_of(name: str, value: str, rules: Rules) -> bool:
    """Tell whether results claim to be of a host, or may do so once Postfix has broken a line."""
    return has_cut_line(name, value) or _is_of(value, rules.hostnames)


def _is_of(value: str, hostnames: tuple[str, ...]) -> bool:
    """Tell whether results claim to be of a host (RFC 8601 §2.5): `host;`, or `i=1; host;`.

    RFC 8601 §5: results under any name of the site are forged when they come from outside.
    """
    plain = _without_comments(value).replace('"', "").replace("\\", "").lower()
    # Some readers join a name around its dots, and some take `/1` for a version.
    joined = re.sub(r" ?\. ?", ".", re.sub(r"\s+", " ", plain))
    words = [word.strip(".") for word in re.split(r"[\s;=/]+", joined) if word.strip(".")]
    return any(word in hostnames for word in (words[2:3] if words[:1] == ["i"] else words[:1]))


def _without_comments(value: str) -> str:
    """Replace each comment with a space; comments may hold comments and quoted pairs (RFC 5322 §3.2.2)."""
    kept, depth, escaped = [], 0, False
    for sign in value:
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
            sign = " "  # noqa: PLW2901, a comment stands for a space
        kept += [] if depth else [sign]
    return "".join(kept)
