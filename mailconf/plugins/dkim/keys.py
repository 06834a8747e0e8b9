"""The keys we publish; lint and records start from here."""

from __future__ import annotations

import base64

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailconf.formats.dkim import DkimKey
from mailconf.formats.names import absolute
from mailconf.model.domain import Domain
from mailconf.plugins.dkim.options import DkimOptions, Selector

ED25519_OCTETS = 32


class KeyTextError(ValueError):
    """The public half is no key of its type; the message says why."""


def has_keys(domain: Domain) -> bool:
    """Tell whether mail is signed in a domain's name: by our hosts, or by its provider."""
    return domain.kind != "none"


def owner(domain: Domain, selector: str) -> str:
    """Return the absolute name of a key record (RFC 6376 §3.6.2.1)."""
    return absolute(f"{selector}._domainkey.{domain.name}")


def public_key(selector: Selector) -> DkimKey:
    """Return the key record of a selector; raises KeyTextError."""
    try:
        key = base64.b64decode("".join(selector.public_key.split()), validate=True)
    except ValueError as why:
        raise KeyTextError(f"it is not base64 ({why})") from None
    return DkimKey(key, selector.type)


def flags(options: DkimOptions) -> frozenset[str]:
    """Return the flags that all keys of a domain are published with (RFC 6376 §3.6.1, t=)."""
    return frozenset("s" if options.strict else "")


def check_key(selector: Selector) -> int:
    """Return the length of a key in bits; raises KeyTextError when it is not of its type."""
    if selector.type == "rsa":
        return _rsa_bits(selector)
    octets = len(public_key(selector).key)
    if octets != ED25519_OCTETS:
        raise KeyTextError(f"an Ed25519 key has 32 octets, this has {octets}")
    return octets * 8


def _rsa_bits(selector: Selector) -> int:
    try:
        key = load_der_public_key(public_key(selector).key)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyTextError("it is not a SubjectPublicKeyInfo in DER") from None
    if not isinstance(key, RSAPublicKey):
        raise KeyTextError("it is not an RSA key")
    return key.key_size
