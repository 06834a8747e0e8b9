"""Messages signed by dkimpy, which knows nothing of mailconf."""

import base64
from collections.abc import Callable

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mailconf.formats.dkim import DkimKey
from mailconf.testing import FakeWorld

DOMAIN, SELECTOR = "example.org", "lab"
NAME = f"{SELECTOR}._domainkey.{DOMAIN}."
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SHORT = rsa.generate_private_key(public_exponent=65537, key_size=1024)
ED25519 = ed25519.Ed25519PrivateKey.generate()
MESSAGE = b"""\
From: Alice <alice@example.org>
To: peer@example.net
Subject: a  long
 subject
Date: Wed, 25 Nov 2026 08:00:00 +0000
Message-ID: <1@example.org>

Hello,  world \t

 a line with blanks

"""


def rsa_key(key: rsa.RSAPrivateKey = RSA) -> DkimKey:
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return DkimKey(public)


def ed25519_key() -> DkimKey:
    return DkimKey(ED25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), "ed25519")


def private_pem() -> bytes:
    """Return the RSA key as signers read it."""
    return RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def signed(
    message: bytes = MESSAGE,
    ways: bytes = b"relaxed/relaxed",
    algorithm: bytes = b"rsa-sha256",
    identity: bytes | None = None,
    length: bool = False,
) -> bytes:
    """Return a message with a signature on top."""
    header, body = ways.split(b"/")
    if algorithm == b"ed25519-sha256":
        raw = ED25519.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        private = base64.b64encode(raw)
    else:
        private = private_pem()
    field = dkim.sign(
        message,
        SELECTOR.encode(),
        DOMAIN.encode(),
        private,
        identity=identity,
        canonicalize=(header, body),
        signature_algorithm=algorithm,
        include_headers=[b"from", b"to", b"subject", b"date", b"from"],
        length=length,
    )
    return bytes(field.replace(b"\r\n", b"\n") + message)


def world(*texts: str) -> FakeWorld:
    return FakeWorld(zones={(NAME, "TXT"): texts} if texts else {})


def oracle(message: bytes, key: DkimKey) -> bool:
    """Return what dkimpy says of the first signature."""
    answer: Callable[..., bytes] = lambda *_args, **_more: str(key).encode()  # noqa: E731
    return bool(dkim.verify(message, dnsfunc=answer))
