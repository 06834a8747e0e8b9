"""Keys: both halves belong together, and nothing is overwritten."""

import base64
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from mailconf.engine.keys import KeyExistsError, add_key, key_pair
from tests.engine.specs import written

TODAY = date(2026, 11, 24)


def test_the_halves_belong_together() -> None:
    pair = key_pair()
    private = load_pem_private_key(pair.private_pem.encode(), None)
    assert isinstance(private, RSAPrivateKey)
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert base64.b64encode(der).decode() == pair.public_key


def test_selectors_are_made_from_the_month(tmp_path: Path) -> None:
    spec = written(tmp_path)
    names = [add_key(spec, "example.org", "", TODAY).selector for _ in range(3)]
    assert names == ["s202611a", "s202611b", "s202611c"]


def test_a_lost_public_half_does_not_cost_the_private_one(tmp_path: Path) -> None:
    spec = written(tmp_path)
    made = add_key(spec, "example.org", "one", TODAY)
    before = made.private.read_text()
    made.public.unlink()
    with pytest.raises(KeyExistsError):
        add_key(spec, "example.org", "one", TODAY)
    assert made.private.read_text() == before
