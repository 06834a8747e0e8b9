"""TLSA records as a sender applies them to a certificate chain (RFC 6698, RFC 7672)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mailconf.formats.names import covers, relative
from mailconf.formats.tlsa import Tlsa

DANE_TA, DANE_EE = 2, 3
USABLE = (DANE_TA, DANE_EE)
CERTIFICATE, PUBLIC_KEY = 0, 1
SHA_256, SHA_512 = 1, 2
DIGESTS = {SHA_256: "sha256", SHA_512: "sha512"}


@dataclass(frozen=True, slots=True)
class DaneResult:
    """Whether a chain is what the records ask for; `record` is the one that matched.

    Without any usable record nothing is asked for, and `is_usable` is false (RFC 7672 §2.2):
    then a sender encrypts and does not authenticate.
    """

    matches: bool
    is_usable: bool
    record: Tlsa | None = None
    why: str = ""


def is_usable(record: Tlsa) -> bool:
    """Tell whether a sender of mail takes a record into account (RFC 7672 §3.1)."""
    known = record.selector in (CERTIFICATE, PUBLIC_KEY) and record.matching in (0, *DIGESTS)
    return record.usage in USABLE and known


def association(certificate: x509.Certificate, selector: int, matching: int) -> bytes:
    """Return what a record of a selector and matching type holds for a certificate (RFC 6698 §2.1).

    Raises KeyError for a matching type that nobody has defined.
    """
    if selector == CERTIFICATE:
        octets = certificate.public_bytes(Encoding.DER)
    else:
        octets = _subject_public_key_info(certificate.public_key())
    return hashlib.new(DIGESTS[matching], octets).digest() if matching else octets


def key_digest(key: PublicKeyTypes) -> str:
    """Return SHA-256 of a public key in hexadecimal digits, as records `3 1 1` hold it."""
    return hashlib.sha256(_subject_public_key_info(key)).hexdigest()


def _subject_public_key_info(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def matches(
    records: Iterable[Tlsa], chain: Sequence[x509.Certificate], *names: str, now: datetime
) -> DaneResult:
    """Judge a chain, leaf first, of a server that was reached by any of some names.

    Usage 3 looks at the leaf alone: name, expiry and issuer do not count (RFC 7672 §3.1.1). Usage
    2 wants the anchor in the chain, every signature and validity up to it, and the name (§3.1.2).
    """
    usable = [record for record in records if is_usable(record)]
    if not usable or not chain:
        return DaneResult(
            False, bool(usable), why="no usable TLSA record" if chain else "no certificate"
        )
    faults = []
    for record in usable:
        fault = (
            _end_entity(record, chain)
            if record.usage == DANE_EE
            else _anchor(record, chain, names, now)
        )
        if not fault:
            return DaneResult(True, True, record)
        faults.append(f"{record.usage} {record.selector} {record.matching}: {fault}")
    return DaneResult(False, True, why="; ".join(dict.fromkeys(faults)))


def _end_entity(record: Tlsa, chain: Sequence[x509.Certificate]) -> str:
    same = association(chain[0], record.selector, record.matching) == record.data
    return "" if same else "the server's certificate does not match"


def _anchor(
    record: Tlsa, chain: Sequence[x509.Certificate], names: tuple[str, ...], now: datetime
) -> str:
    """Say what is wrong with a chain below a trust anchor; nothing when all is well."""
    path = _path(record, chain)
    if isinstance(path, str):
        return path
    late = [c for c in path if not c.not_valid_before_utc <= now <= c.not_valid_after_utc]
    if late:
        return f"{late[0].subject.rfc4514_string()} is not valid at this time"
    if not any(
        covers(pattern, relative(name)) for pattern in dns_names(chain[0]) for name in names
    ):
        return f"the certificate covers {', '.join(dns_names(chain[0])) or 'no name'}"
    return ""


LONGEST_PATH = 16
"""Certificates from the leaf to the anchor: honest chains have two to four."""


def _path(record: Tlsa, chain: Sequence[x509.Certificate]) -> list[x509.Certificate] | str:
    """Return the certificates from the leaf to the anchor, or why there is no such way.

    Servers may send certificates that do not belong to it, in any order (RFC 8446 §4.4.2).
    """
    path = [chain[0]]
    while association(path[-1], record.selector, record.matching) != record.data:
        rest = (c for c in chain if c not in path and _issued(c, path[-1]))
        above = next(rest, None) if len(path) < LONGEST_PATH else None
        if above is None:
            return f"no certificate of an anchor above {path[-1].subject.rfc4514_string()} is sent"
        is_anchor = association(above, record.selector, record.matching) == record.data
        fault = _unfit(above, len(path) - 1, is_anchor)
        if fault:
            return f"{above.subject.rfc4514_string()} {fault}"
        path.append(above)
    return path


def _issued(parent: x509.Certificate, child: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(parent)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _unfit(issuer: x509.Certificate, below: int, is_anchor: bool) -> str:
    """Say why a certificate may not issue, with so many others `below` it (RFC 5280 §6.1.4 k to n).

    An anchor is trusted for what it is: of an old form it may not say that it is an authority.
    """
    try:
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return "" if is_anchor else "is not a CA"
    if not basic.ca:
        return "is not a CA"
    if basic.path_length is not None and basic.path_length < below:
        return f"allows {basic.path_length} CAs below it, but there are {below}"
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return ""
    return "" if usage.key_cert_sign else "may not sign certificates"


def dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the DNS names of a certificate; its common name does not count (RFC 9525 §2)."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(found.get_values_for_type(x509.DNSName))
