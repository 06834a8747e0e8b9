"""Password hashes under review, once their references are resolved; none is ever shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.secret import MARK

STRONG = ("ARGON2ID", "BLF-CRYPT", "SHA512-CRYPT", "SHA256-CRYPT", "ARGON2I", "PBKDF2")
# Those of Dovecot that are not strong: of any other word in braces it is unknown whether it is a scheme.
WEAK_ONES = (
    "PLAIN", "CLEAR", "CLEARTEXT", "PLAIN-TRUNC", "CRYPT", "DES-CRYPT", "MD5", "MD5-CRYPT",
    "SHA", "SHA1", "SSHA", "SHA256", "SSHA256", "SHA512", "SSHA512", "SMD5", "LDAP-MD5", "PLAIN-MD5",
    "LANMAN", "NTLM", "RPA", "OTP", "SKEY", "CRAM-MD5", "HMAC-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
)  # fmt: skip
SCHEME = re.compile(r"\{([A-Z0-9.-]+)\}")

WEAK = Rule(
    code="DVC004",
    name="password-scheme-weak",
    severity=Severity.WARNING,
    message="the password of {address} has {scheme}; expected {{ARGON2ID}}, {{BLF-CRYPT}} or {{SHA512-CRYPT}}",
    fix="create a new hash: mailconf hash",
    ref="Dovecot, password schemes; 2.4 refuses weak ones",
    bad="alice@example.org:{PLAIN}secret",
    good="alice@example.org:{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA",
    language="passwords",
)


@dataclass(frozen=True, slots=True)
class PasswordReviewer:
    """Reads the passwords of one host; those still behind a reference say nothing."""

    host: Host

    def passwords(self, text: str) -> Iterator[Finding]:
        """Yield every hash without a scheme of its own, or with a weak one."""
        for line in text.splitlines():
            address, colon, secret = line.partition(":")
            if not colon or MARK in secret:
                continue
            scheme = SCHEME.match(secret)
            if not scheme or scheme[1].partition(".")[0] not in STRONG:
                known = scheme and scheme[1].partition(".")[0] in WEAK_ONES
                said = f"the scheme {{{scheme[1]}}}" if scheme and known else "no {SCHEME} prefix"
                yield WEAK.at(address, ("hosts", self.host.key), address=address, scheme=said)
