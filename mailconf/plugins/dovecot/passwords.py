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
B64, CRYPT = "[A-Za-z0-9+/]+", "[./A-Za-z0-9]"
ARGON2 = rf"\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+(,[a-z]+=[^,$]*)*\${B64}\${B64}"
HASHES = {
    "ARGON2ID": re.compile(rf"\$argon2id{ARGON2}"),
    "ARGON2I": re.compile(rf"\$argon2i{ARGON2}"),
    "BLF-CRYPT": re.compile(rf"\$2[abxy]\$[0-9]{{2}}\${CRYPT}{{53}}"),
    "SHA256-CRYPT": re.compile(rf"\$5\$(rounds=[0-9]+\$)?[^$:]{{1,16}}\${CRYPT}{{43}}"),
    "SHA512-CRYPT": re.compile(rf"\$6\$(rounds=[0-9]+\$)?[^$:]{{1,16}}\${CRYPT}{{86}}"),
}
"""What each scheme prints (crypt(5), RFC 9106); those of other schemes are not looked at."""
SCHEME = re.compile(r"\{([A-Za-z0-9.-]+)\}")

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
MALFORMED = Rule(
    code="DVC017",
    name="password-hash-malformed",
    severity=Severity.ERROR,
    message="the password of {address} is not a valid {scheme} hash, so its user cannot log in",
    fix="create a new hash: mailconf hash",
    ref="Dovecot, password schemes",
    bad="alice@example.org:{ARGON2ID}secret",
    good="alice@example.org:{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA",
    language="passwords",
)


@dataclass(frozen=True, slots=True)
class PasswordReviewer:
    """Reads the passwords of one host; those still behind a reference say nothing."""

    host: Host

    def passwords(self, text: str) -> Iterator[Finding]:
        """Yield every hash without a scheme of its own, with a weak one, or with the text of another."""
        for line in text.splitlines():
            address, colon, secret = line.partition(":")
            if not colon or MARK in secret:
                continue
            local, _, domain = address.rpartition("@")
            where = ("domains", domain, "mailboxes", local)
            scheme = SCHEME.match(secret)
            name = scheme[1].upper().partition(".")[0] if scheme else ""
            if not scheme or name not in STRONG:
                known = scheme and name in WEAK_ONES
                said = f"the scheme {{{scheme[1]}}}" if scheme and known else "no {SCHEME} prefix"
                yield WEAK.at(address, where, address=address, scheme=said)
            elif scheme[1].upper() in HASHES and not HASHES[name].fullmatch(secret, scheme.end()):
                yield MALFORMED.at(address, where, address=address, scheme=scheme[0])
