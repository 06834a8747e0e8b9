"""The lab's own certificate authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=90)
SLACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, both PEM."""

    certificate: str
    private_key: str


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new key of the kind that public authorities certify by default."""
    return ec.generate_private_key(ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


@dataclass(frozen=True, slots=True)
class Authority:
    """A root that signs leaves; made anew for every lab, known to nobody else."""

    now: datetime
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    name: x509.Name = field(default_factory=lambda: _name("mailconf lab authority"))

    def certificate(self) -> str:
        """Return the root certificate, PEM."""
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = (
            self._builder(self.name, self.key.public_key(), self.now + LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        return made.public_bytes(Encoding.PEM).decode()

    def issue(
        self,
        names: Sequence[str],
        until: datetime | None = None,
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None,
    ) -> Issued:
        """Return a server certificate over `names`, by default for 90 days and a key of its own."""
        key = key or new_key()
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        made = (
            self._builder(_name(names[0]), key.public_key(), until or self.now + LIFETIME)
            .add_extension(alternatives, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Issued(made.public_bytes(Encoding.PEM).decode(), private.decode())

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, until: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(self.now - SLACK, until - LIFETIME))
            .not_valid_after(until)
        )
