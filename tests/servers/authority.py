"""Certificates for scripted servers, from an authority that lives as long as a test."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from mailconf.lab.authority import Authority


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

    def server_of_both_kinds(self, name: str) -> ssl.SSLContext:
        """Return the context of a server that has an ECDSA certificate, and an RSA one for old clients."""
        context = self.server(name)
        issued = self._authority.issue([name], key=rsa.generate_private_key(65_537, 2048))
        both = self._directory / "rsa.pem"
        both.write_text(issued.certificate + issued.private_key)
        context.load_cert_chain(both)
        return context
