"""Password hashes under review, once their references are resolved; none is ever shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailconf.formats.password_hash import (
    BCRYPT,
    Strength,
    crypt_strength,
    decoded,
    is_argon2,
    is_pbkdf2,
)
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.place import Path
from mailconf.model.secret import MARK

# Dovecot verifies with all of these what crypt(3) does, whatever method a hash has, but for BLF-CRYPT.
CRYPT_SCHEMES = ("CRYPT", "BLF-CRYPT", "SHA256-CRYPT", "SHA512-CRYPT")
OTHERS: dict[str, Callable[[str], bool]] = {
    "ARGON2": is_argon2, "ARGON2I": is_argon2, "ARGON2ID": is_argon2, "PBKDF2": is_pbkdf2,
}  # fmt: skip
# Those of Dovecot that are not strong: of any other word in braces it is unknown whether it is a scheme.
WEAK_ONES = (
    "PLAIN", "CLEAR", "CLEARTEXT", "PLAIN-TRUNC", "DES-CRYPT", "MD5", "MD5-CRYPT",
    "SHA", "SHA1", "SSHA", "SHA256", "SSHA256", "SHA512", "SSHA512", "SMD5", "LDAP-MD5", "PLAIN-MD4", "PLAIN-MD5",
    "LANMAN", "NTLM", "RPA", "OTP", "SKEY", "CRAM-MD5", "HMAC-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
)  # fmt: skip
# 2.3 knows its two kinds alone.
NEW_SCHEME = "{ARGON2}", "{ARGON2."
SCHEME = re.compile(r"\{([A-Za-z0-9.-]+)\}")

WEAK = Rule(
    code="DVC004",
    name="password-scheme-weak",
    severity=Severity.WARNING,
    message="the password of {address} has {scheme}; expected {{ARGON2ID}}, {{BLF-CRYPT}} or {{SHA512-CRYPT}}",
    fix="create a new hash: mailconf hash",
    ref="Dovecot, password schemes; 2.4 refuses weak ones",
    bad="alice@example.org:{PLAIN}secret",
    good="alice@example.org:{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
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
    good="alice@example.org:{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
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
            where = "domains", domain, "mailboxes", local
            yield from _reviewed(address, where, secret)
            if not self.host.target.has("dovecot", "2.4") and secret.upper().startswith(NEW_SCHEME):
                said = f"{NEW_SCHEME[0]} (Dovecot 2.4)"
                yield MALFORMED.at(address, where, address=address, scheme=said)


def _reviewed(address: str, where: Path, secret: str) -> Iterator[Finding]:
    scheme = SCHEME.match(secret)
    name, _, encoding = scheme[1].upper().partition(".") if scheme else ("", "", "")
    if not scheme or not (name in OTHERS or name in CRYPT_SCHEMES):
        said = (
            f"the scheme {{{scheme[1]}}}" if scheme and name in WEAK_ONES else "no {SCHEME} prefix"
        )
        yield WEAK.at(address, where, address=address, scheme=said)
        return
    strength = _strength(name, encoding, secret[scheme.end() :])
    if strength == "none" or scheme[1].endswith("."):
        yield MALFORMED.at(address, where, address=address, scheme=scheme[0])
    elif strength == "weak":
        said = f"a weak hash in {scheme[0]}"
        yield WEAK.at(address, where, address=address, scheme=said)


def _strength(name: str, encoding: str, text: str) -> Strength:
    try:
        plain = decoded(text, encoding)
    except ValueError:
        return "none"
    if name == "BLF-CRYPT" and not plain.startswith(BCRYPT):
        return "none"
    if name in CRYPT_SCHEMES:
        return crypt_strength(plain)
    return "strong" if OTHERS[name](plain) else "none"
