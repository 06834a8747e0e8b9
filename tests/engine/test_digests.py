"""Digests of public keys."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mailconf.engine.digests import NoKeyError, digest_of
from mailconf.mailauth.tlsa import association

KEY = ec.generate_private_key(ec.SECP256R1())
NAME = x509.Name([])
NOW = datetime.now(UTC)
CERTIFICATE = x509.CertificateBuilder(
    NAME, NAME, KEY.public_key(), 1, NOW, NOW + timedelta(days=1)
).sign(KEY, hashes.SHA256())
REQUEST = x509.CertificateSigningRequestBuilder(NAME).sign(KEY, hashes.SHA256())
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param(CERTIFICATE.public_bytes(Encoding.PEM), id="certificate"),
        pytest.param(REQUEST.public_bytes(Encoding.PEM), id="request"),
        pytest.param(PRIVATE, id="private key"),
        pytest.param(PUBLIC, id="public key"),
        pytest.param(PRIVATE + CERTIFICATE.public_bytes(Encoding.PEM), id="key and chain"),
    ],
)
def test_every_form_of_a_key_has_one_digest(pem: bytes) -> None:
    assert digest_of(pem) == association(CERTIFICATE, 1, 1).hex()


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"not PEM",
        KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")),
    ],
    ids=["empty", "no PEM", "with a passphrase"],
)
def test_what_holds_no_key_is_told_without_showing_it(pem: bytes) -> None:
    with pytest.raises(NoKeyError) as caught:
        digest_of(pem)
    assert "BEGIN" not in str(caught.value)
