"""Which TLS cipher suites mail users are served with (Mozilla server-side TLS 6.0, intermediate)."""

from __future__ import annotations

INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
)
"""OpenSSL's names for TLS 1.2; those of TLS 1.3 are all good and need no list."""

CIPHER_LIST = ":".join(INTERMEDIATE)
"""The same as OpenSSL's cipher string (openssl-ciphers(1))."""
