"""TLS contexts, one of each kind a run, and the facts of a handshake."""

from __future__ import annotations

import re
import ssl
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, lru_cache, partial

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from mailconf.mailauth.tlsa import dns_names, key_digest
from mailconf.model.questions.sessions import TlsFacts
from mailconf.model.questions.tls import Offer
from mailconf.model.world import Inconclusive

UNREADABLE = (ValueError, KeyError, UnsupportedAlgorithm, x509.DuplicateExtension)
"""What cryptography has to say to certificates that OpenSSL takes."""
CERTIFICATES = 1_000
"""Whose facts are remembered."""
PEM = re.compile(
    rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----\s[A-Za-z0-9+/=\s]+"
    rb"-----END (?:X509 |TRUSTED )?CERTIFICATE-----\n?"
)
KINDS = {
    "ec": ec.EllipticCurvePublicKey,
    "ed25519": ed25519.Ed25519PublicKey,
    "rsa": rsa.RSAPublicKey,
}


class NoCertificatesError(ValueError):
    """A file of authorities holds none that OpenSSL takes; the message is a predicate."""


def authorities_of(octets: bytes) -> str:
    """Return the certificates of a PEM file, whatever stands between them; raises NoCertificatesError."""
    found = b"".join(PEM.findall(octets)).decode("ascii")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=found)
    except (ssl.SSLError, ValueError):
        raise NoCertificatesError("no PEM certificates in it") from None
    return found


class Contexts:
    """Builds each context once: loading the authorities costs more than twenty handshakes."""

    def __init__(self, authorities: str = "") -> None:
        self._authorities = authorities
        self._poor: dict[Offer, ssl.SSLContext] = {}

    @cached_property
    def strict(self) -> ssl.SSLContext:
        """Trusts the system's authorities and `authorities`, PEM; names are judged elsewhere."""
        context = self._trusting()
        context.check_hostname = False
        return context

    @cached_property
    def trusted(self) -> ssl.SSLContext:
        """Trusts them for the name that is asked for alone: passwords go through it."""
        return self._trusting()

    def _trusting(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        # RFC 9525 §2: names are alternative names, and no common name stands in for them.
        context.hostname_checks_common_name = False
        # As mail programs judge: since Python 3.13 the default is stricter than they are.
        context.verify_flags = ssl.VerifyFlags.VERIFY_X509_TRUSTED_FIRST
        context.options |= ssl.OP_NO_RENEGOTIATION
        if self._authorities:
            context.load_verify_locations(cadata=self._authorities)
        return context

    def offering(self, offer: Offer) -> ssl.SSLContext:
        """Offer little, and accept any certificate."""
        if offer not in self._poor:
            self._poor[offer] = POOR[offer]()
        return self._poor[offer]

    @cached_property
    def lenient(self) -> ssl.SSLContext:
        """Accepts any certificate, so that its facts can be seen; nothing secret goes through it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.options |= ssl.OP_NO_RENEGOTIATION
        return context


def _old() -> ssl.SSLContext:
    """OpenSSL itself refuses old versions from security level 1 on: here the server is to refuse."""
    context = _accepting("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def _with(ciphers: str) -> ssl.SSLContext:
    context = _accepting(ciphers)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _accepting(ciphers: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(ciphers)
    return context


POOR: dict[Offer, Callable[[], ssl.SSLContext]] = {
    "old TLS": _old,
    "weak ciphers": partial(_with, "ALL:!ECDHE+AESGCM:!ECDHE+CHACHA20:@SECLEVEL=0"),
    "RSA": partial(_with, "aRSA:!kRSA:!aNULL"),
    "ECDSA": partial(_with, "aECDSA:!aNULL"),
}


def facts_of(tls: ssl.SSLObject, fault: str) -> TlsFacts:
    """Return what a finished handshake showed; raises Inconclusive for a certificate that is none."""
    cipher = tls.cipher()
    try:
        shown = _shown(tls.getpeercert(binary_form=True) or b"")
    except UNREADABLE as why:
        raise Inconclusive(f"the certificate cannot be read: {why or type(why).__name__}") from None
    return replace(
        shown,
        version=tls.version() or "",
        cipher=cipher[0] if cipher else "",
        fault=fault,
    )


@lru_cache(CERTIFICATES)
def _shown(octets: bytes) -> TlsFacts:
    """Return the facts of a certificate: most ports and addresses show the same one."""
    certificate = x509.load_der_x509_certificate(octets)
    key = certificate.public_key()
    return TlsFacts(
        version="",
        cipher="",
        names=dns_names(certificate),
        issuer=_issuer(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        key=next((name for name, kind in KINDS.items() if isinstance(key, kind)), "other"),
        bits=getattr(key, "key_size", 0),
        digest=_digest(certificate),
        must_staple=_must_staple(certificate),
        key_digest=key_digest(key),
    )


def _digest(certificate: x509.Certificate) -> str:
    """Return the hash of the signature; it is none of ours to fail on one that nobody knows."""
    try:
        found = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return "unknown"
    return found.name if found else ""


def _must_staple(certificate: x509.Certificate) -> bool:
    """Tell whether the certificate asks for a stapled OCSP answer (RFC 7633)."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.TLSFeature).value
    except x509.ExtensionNotFound:
        return False
    return x509.TLSFeatureType.status_request in found


def _issuer(certificate: x509.Certificate) -> str:
    names = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.issuer.rfc4514_string()
