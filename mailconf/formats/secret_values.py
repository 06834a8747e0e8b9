"""What stands behind a reference: one line, or a private key; anything else is refused unseen."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata

SEED_OCTETS = (32, 64)
"""An Ed25519 seed, or the seed and the public key behind it (libsodium)."""
PEM = re.compile(
    r"-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----\r?\n"
    r"((?:[A-Za-z0-9+/=]+\r?\n)+)"
    r"-----END \1-----\r?\n?"
)
# Line ends that are no control characters: programs that split lines split here, too.
BREAKS = ("Cc", "Zl", "Zp", "Cs")
BYTE_ORDER_MARK = "\ufeff"


class SecretValueError(ValueError):
    """The value is not what its place needs; the message is a predicate and holds nothing of it."""


def one_line(octets: bytes) -> str:
    """Return a line of text, a final line end taken off."""
    text = _text(octets).removesuffix("\n")
    if not text.strip():
        raise SecretValueError("is empty; expected one line")
    if "\n" in text:
        count = len(text.split("\n"))
        raise SecretValueError(f"has {count} lines; expected one line")
    odd = next((c for c in text if unicodedata.category(c) in BREAKS or c == BYTE_ORDER_MARK), "")
    if odd:
        raise SecretValueError(
            f"has the control character U+{ord(odd):04X}; expected one line of text"
        )
    return text


def private_key(octets: bytes) -> str:
    """Return a private key: PEM as it is, or the base64 of an Ed25519 seed."""
    text = _text(octets)
    if not text.strip():
        raise SecretValueError("is empty; expected a private key in PEM")
    if "ENCRYPTED" in text.partition("\n\n")[0]:
        raise SecretValueError("is an encrypted private key; expected one without a passphrase")
    pem = PEM.fullmatch(text)
    body = pem[2] if pem else text.removesuffix("\n")
    if not _is_key(body, is_pem=bool(pem)):
        raise SecretValueError("is no private key; expected PEM, or an Ed25519 seed in base64")
    return text.rstrip("\r\n")


def _is_key(body: str, *, is_pem: bool) -> bool:
    try:
        octets = base64.b64decode("".join(body.split()) if is_pem else body, validate=True)
    except (binascii.Error, ValueError):
        return False
    return is_pem or len(octets) in SEED_OCTETS


def _text(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretValueError("is not UTF-8 text") from None
