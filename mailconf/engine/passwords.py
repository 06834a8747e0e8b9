"""Hashing a password as Dovecot reads it: Argon2id (RFC 9106)."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

# RFC 9106 §4, second recommendation; one lane, since libsodium, which Dovecot uses, verifies no more.
SALT_OCTETS, HASH_OCTETS = 16, 32
PASSES, LANES, MEMORY_KIB = 3, 1, 65_536


def argon2id(password: str, passes: int = PASSES, memory: int = MEMORY_KIB) -> str:
    """Return a salted hash with its scheme, for `password:` behind a reference; `memory` in KiB."""
    hashing = Argon2id(
        salt=os.urandom(SALT_OCTETS),
        length=HASH_OCTETS,
        iterations=passes,
        lanes=LANES,
        memory_cost=memory,
    )
    return "{ARGON2ID}" + hashing.derive_phc_encoded(password.encode())
