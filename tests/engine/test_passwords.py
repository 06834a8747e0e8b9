"""Hashes as Dovecot reads them."""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from mailconf.engine.passwords import argon2id


def test_a_hash_belongs_to_its_password() -> None:
    scheme, _, phc = argon2id("correct horse").rpartition("}")
    assert scheme == "{ARGON2ID"
    Argon2id.verify_phc_encoded(b"correct horse", phc)


def test_one_lane_is_what_libsodium_verifies() -> None:
    assert "$m=65536,t=3,p=1$" in argon2id("x")


def test_the_same_password_never_has_the_same_hash() -> None:
    assert argon2id("x") != argon2id("x")
