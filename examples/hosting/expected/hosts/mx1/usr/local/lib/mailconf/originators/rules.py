"""What the site allows on one host, and who an address belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MOST_FIELDS, MOST_OCTETS = 10_000, 512 * 1024
"""Of a header: larger ones are refused, since reading them keeps all others waiting."""
MALFORMED, NOT_ALLOWED = "554 5.6.0", "550 5.7.1"
SRS = re.compile(r"srs[01][-+=]")


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
    organizations: frozenset[str] = frozenset()
    """The organizational domains of those and of the hosts: SPF of one counts for authors in all of it."""
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
    helo: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    octets: int = field(default=0, init=False)
    """Of the header, as far as it was added field by field."""

    def add(self, name: str, value: str) -> None:
        """Take the next field of the header; of one that is too large only as much as tells so."""
        if not self.is_too_large:
            self.fields.append((name, value))
            self.octets += len(name) + len(value) + len(": \r\n")

    @property
    def is_too_large(self) -> bool:
        """Tell whether the header has more fields or octets than are judged."""
        return len(self.fields) > MOST_FIELDS or self.octets > MOST_OCTETS

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


def owners_of(address: str, rules: Rules) -> tuple[str, ...]:
    """Return whose an address is: a mailbox is its login's alone, whoever else may send as it."""
    local, _, domain = address.lower().rpartition("@")
    plain = f"{_base(local)}@{domain}"
    # An alias is listed without itself, also where every login may send as itself.
    logins = rules.logins.get(plain) or logins_of(address, rules)
    return (plain,) if plain in logins else logins


def is_login_of(login: str, address: str, rules: Rules) -> bool:
    """Tell whether a login may send as an address."""
    return login.lower() in logins_of(address, rules)


def is_listed(address: str, given: Iterable[str]) -> bool:
    """Tell whether an address is listed, with or without its extension, or its domain."""
    local, _, domain = address.lower().rpartition("@")
    plain = f"{_base(local)}@{domain}"
    return bool({f"{local}@{domain}", plain, f"@{domain}"} & set(given))


def is_of_site(address: str, rules: Rules) -> bool:
    """Tell whether the domain of an address is one of the site, or below one."""
    return any(name in rules.domains for name in _names_above(address))


def organization(address: str, rules: Rules) -> str:
    """Return the organizational domain of an address or name where it is one of the site, or nothing."""
    return next((name for name in _names_above(address) if name in rules.organizations), "")


def _names_above(address: str) -> list[str]:
    """Return the domain of an address, and every name above it."""
    labels = address.lower().rpartition("@")[2].split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]


def is_rewritten(address: str, rules: Rules) -> bool:
    """Tell whether an address is a sender from elsewhere that was rewritten here (SRS0, SRS1)."""
    local, _, domain = address.lower().rpartition("@")
    return bool(rules.srs_domain) and domain == rules.srs_domain and bool(SRS.match(local))


def not_among(used: list[str], who: str, allows: Callable[[str], bool]) -> Refusal | None:
    """Return what is said of the first address that is not allowed, or None."""
    wrong = [address for address in used if not allows(address)]
    if not wrong:
        return None
    return Refusal(NOT_ALLOWED, f"{who} may not send as {wrong[0]}")
