"""The keys we publish; lint and records start from here."""

from __future__ import annotations

import base64

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailconf.formats.dkim import DkimKey
from mailconf.formats.names import absolute
from mailconf.model.spec import Domain
from mailconf.plugins.dkim.options import Selector


class KeyTextError(ValueError):
    """The public half is no RSA key; the message says why."""


def owner(domain: Domain, selector: str) -> str:
    """Return the absolute name of a key record (RFC 6376 §3.6.2.1)."""
    return absolute(f"{selector}._domainkey.{domain.name}")


def public_key(selector: Selector) -> DkimKey:
    """Return the key record of a selector; raises KeyTextError."""
    try:
        return DkimKey(base64.b64decode("".join(selector.public_key.split()), validate=True))
    except ValueError as why:
        raise KeyTextError(f"it is not base64 ({why})") from None


def rsa_bits(selector: Selector) -> int:
    """Return the length of an RSA key in bits; raises KeyTextError for anything else."""
    try:
        key = load_der_public_key(public_key(selector).key)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyTextError("it is not a SubjectPublicKeyInfo in DER") from None
    if not isinstance(key, RSAPublicKey):
        raise KeyTextError("it is not an RSA key")
    return key.key_size
