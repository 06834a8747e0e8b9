"""Password hashes as text: what crypt(5) prints, Argon2 (RFC 9106) in PHC's form, and Dovecot's PBKDF2."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Literal

Strength = Literal["strong", "weak", "none"]
B64, CRYPT = "[A-Za-z0-9+/]", "[./A-Za-z0-9]"
SALT = r"(?:(?![$:;*!\\])[!-~]){0,16}"
ROUNDS = r"(?:rounds=[1-9][0-9]{3,8}\$)?"
# yescrypt and scrypt: their parameters, a salt and a hash are of one alphabet.
YESCRYPT = rf"{CRYPT}+\${CRYPT}*\${CRYPT}{{43}}"
STRONG = re.compile(
    rf"\$2[abxy]\$(?:0[4-9]|[12][0-9]|3[01])\${CRYPT}{{21}}[.Oeu]{CRYPT}{{31}}"
    rf"|\$5\${ROUNDS}{SALT}\${CRYPT}{{43}}"
    rf"|\$6\${ROUNDS}{SALT}\${CRYPT}{{86}}"
    rf"|\$g?y\${YESCRYPT}|\$7\${CRYPT}+\${CRYPT}{{43}}"
)
# MD5, SHA-1, the two of DES, NT and SunMD5.
WEAK = re.compile(
    rf"\$1\$[^$:\s]{{0,8}}\${CRYPT}{{22}}|\$sha1\$[0-9]{{1,10}}\${CRYPT}{{0,64}}\${CRYPT}{{28}}|{CRYPT}{{13}}|_{CRYPT}{{19}}|\$3\$\$[0-9a-f]{{32}}|\$md5[$,][^:\s]+"
)
ARGON2 = re.compile(
    rf"\$argon2id?\$v=19\$m=([1-9][0-9]{{0,9}}),t=([1-9][0-9]{{0,9}}),p=([1-9][0-9]{{0,7}})\$({B64}{{11,}})\$({B64}{{22,}})"
)
ARGON2_MEMORY = 8
"""Times as many kibibytes as lanes, at least (RFC 9106 §3.1)."""
MOST, MOST_LANES = 2**32 - 1, 2**24 - 1
PBKDF2 = re.compile(r"\$1\$[^$:\t\n]*\$0*([1-9][0-9]{0,9})\$[0-9A-Fa-f]{40}")
BCRYPT = "$2"


def crypt_strength(text: str) -> Strength:
    """Tell how strong the method of a crypt(5) hash is; `none` for what crypt(3) verifies nothing with."""
    if STRONG.fullmatch(text):
        return "strong"
    return "weak" if WEAK.fullmatch(text) else "none"


def is_argon2(text: str) -> bool:
    """Tell whether libsodium verifies a password with a hash, Argon2i or Argon2id."""
    match = ARGON2.fullmatch(text)
    if not match:
        return False
    memory, passes, lanes = (int(number) for number in match.groups()[:3])
    is_in_range = ARGON2_MEMORY * lanes <= memory <= MOST and passes <= MOST
    return is_in_range and lanes <= MOST_LANES and all(map(_is_base64, match.groups()[3:]))


def _is_base64(text: str) -> bool:
    """Tell whether text is what encoding yields: RFC 4648 §3.5 leaves no bits over."""
    try:
        octets = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        return False
    return base64.b64encode(octets).decode().rstrip("=") == text


def is_pbkdf2(text: str) -> bool:
    """Tell whether a hash is as Dovecot writes PBKDF2: $1$SALT$ROUNDS$HEX."""
    match = PBKDF2.fullmatch(text)
    return bool(match) and int(match[1]) <= MOST  # type: ignore[index]


def decoded(text: str, encoding: str) -> str:
    """Return a hash that stands in an encoding of Dovecot (`b64`, `hex` or none); raises ValueError."""
    if not encoding:
        return text
    try:
        if encoding.lower() in ("b64", "base64"):
            return base64.b64decode(text, validate=True).decode("ascii")
        if encoding.lower() == "hex":
            return binascii.unhexlify(text).decode("ascii")
    except (binascii.Error, ValueError):
        raise ValueError(f"not in {encoding}") from None
    raise ValueError(f"unknown encoding {encoding}")
