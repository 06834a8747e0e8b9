"""Digests of public keys, as TLSA records hold them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from mailconf.mailauth.tlsa import key_digest

MAX_PEM = 2**20
"""Octets of a file with certificates or a key."""
# A chain begins with the server's own certificate; that is the one to read.
READERS: tuple[Callable[[bytes], Any], ...] = (
    lambda pem: x509.load_pem_x509_certificate(pem).public_key(),
    lambda pem: x509.load_pem_x509_csr(pem).public_key(),
    lambda pem: load_pem_private_key(pem, None).public_key(),
    load_pem_public_key,
)


class NoKeyError(ValueError):
    """A file holds neither certificate, request nor key; the message never shows it."""


def digest_of(pem: bytes) -> str:
    """Return SHA-256 of the public key (SubjectPublicKeyInfo, RFC 6698 §2.1) in a PEM file.

    The file may hold a certificate, a chain, a signing request, or a key without a passphrase.
    """
    for read in READERS:
        try:
            key = read(pem)
        except (ValueError, TypeError):
            continue
        return key_digest(key)
    raise NoKeyError("not a PEM certificate, certificate request or unencrypted key")
