"""Mail addresses: one spelling for each, made where they are read (RFC 5321 §4.1.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mailconf.formats.names import DomainNameError, a_labels

DELIMITER = "+"
"""What separates a local part from its extension (postconf(5) recipient_delimiter)."""
MAX_LOCAL, MAX_ADDRESS = 64, 254
ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_STRING = re.compile(rf"{ATEXT}(\.{ATEXT})*")


class AddressError(ValueError):
    """The text is no mail address; the message completes "expected …"."""


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An address in canonical form: the domain as lower-case A-labels, the local part as spelled.

    Only the receiving side may ignore the case of a local part (RFC 5321 §2.4): `lowered` is for
    the domains of this site.
    """

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @classmethod
    def parse(cls, text: str) -> MailAddress:
        """Read an address; raises AddressError for what SMTP without SMTPUTF8 does not carry."""
        local, at, domain = text.rpartition("@")
        if not at:
            raise AddressError("an address such as user@example.org; this has no @")
        return cls(local_part(local), mail_domain(domain))._of_bearable_length()

    def _of_bearable_length(self) -> MailAddress:
        if len(str(self)) > MAX_ADDRESS:
            raise AddressError(f"an address of at most {MAX_ADDRESS} octets")
        return self

    @property
    def lowered(self) -> MailAddress:
        """The address with its local part in lower case, as the hosts of this site compare it."""
        return replace(self, local=self.local.lower())

    @property
    def base(self) -> MailAddress:
        """The address without its extension: alice@example.org for alice+tag@example.org."""
        return replace(self, local=without_extension(self.local))


def without_extension(local: str) -> str:
    """Return a local part up to the delimiter; one that starts with it has no extension."""
    found = local.find(DELIMITER, 1)
    return local if found < 0 else local[:found]


def local_part(text: str) -> str:
    """Return a local part as it is spelled; raises AddressError."""
    if not text.isascii():
        raise AddressError(
            "an address with an ASCII local part: the rendered servers have no SMTPUTF8"
        )
    if not DOT_STRING.fullmatch(text):
        raise AddressError(
            "an address whose local part has letters, digits and !#$%&'*+/=?^_`{|}~-, and dots between them"
        )
    if len(text) > MAX_LOCAL:
        raise AddressError(f"an address whose local part has at most {MAX_LOCAL} octets")
    return text


def mail_domain(text: str) -> str:
    """Return the domain of an address as A-labels; raises AddressError."""
    try:
        name = a_labels(text)
    except DomainNameError as why:
        raise AddressError(f"an address such as user@example.org; {why}") from None
    if "." not in name or name.rpartition(".")[2].isdigit():
        raise AddressError(f"an address with a full domain name after the @; this has {text!r}")
    return name
