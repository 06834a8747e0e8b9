"""Certificates for scripted servers, from an authority that lives as long as a test."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from mailconf.lab.lab_ca import Authority, new_key


class TestAuthority:
    """An authority, its root in a file, and server contexts of its leaves."""

    __test__ = False

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._authority = Authority(datetime.now(UTC))
        self.file = directory / "root.pem"
        self.file.write_text(self._authority.certificate())

    def server(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        """Return the context of a server with a certificate over `names`."""
        until = datetime.now(UTC) - timedelta(days=1) if expired else None
        issued = self._authority.issue(names, until)
        certificate, key = self._directory / "leaf.pem", self._directory / "leaf.key"
        certificate.write_text(issued.certificate)
        key.write_text(issued.private_key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context

    def server_of_common_name(self, name: str) -> ssl.SSLContext:
        """Return the context of a server whose certificate has a common name alone."""
        key = new_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        start, end = (
            self._authority.now - timedelta(days=1),
            self._authority.now + timedelta(days=9),
        )
        builder = x509.CertificateBuilder(
            self._authority.name, subject, key.public_key(), 7, start, end
        )
        made = builder.sign(self._authority.key, hashes.SHA256())
        file = self._directory / "common.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(made.public_bytes(Encoding.PEM) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def server_of_both_kinds(self, name: str) -> ssl.SSLContext:
        """Return the context of a server that has an ECDSA certificate, and an RSA one for old clients."""
        context = self.server(name)
        issued = self._authority.issue([name], key=rsa.generate_private_key(65_537, 2048))
        both = self._directory / "rsa.pem"
        both.write_text(issued.certificate + issued.private_key)
        context.load_cert_chain(both)
        return context
