"""TLSA records against chains of certificates (RFC 7672)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailconf.formats.tlsa import Tlsa
from mailconf.mailauth.tlsa import association, dns_names, is_usable, matches

NOW = datetime(2026, 11, 25, tzinfo=UTC)
MX = "mx.example.org"
Key = ec.EllipticCurvePrivateKey


def made(subject: str, key: Key, issuer: str, signer: Key, days: int = 90) -> x509.Certificate:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    names = x509.SubjectAlternativeName([x509.DNSName(subject)])
    end = NOW + timedelta(days=days)
    begin = min(NOW, end) - timedelta(days=1)
    builder = x509.CertificateBuilder(name(issuer), name(subject), key.public_key(), 1, begin, end)
    return builder.add_extension(names, critical=False).sign(signer, hashes.SHA256())


ROOT_KEY, LEAF_KEY, OTHER_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
ROOT = made("root", ROOT_KEY, "root", ROOT_KEY)
LEAF = made(MX, LEAF_KEY, "root", ROOT_KEY)
OLD = made(MX, LEAF_KEY, "root", ROOT_KEY, days=-1)
FORGED = made(MX, LEAF_KEY, "root", OTHER_KEY)
CHAIN = (LEAF, ROOT)


def record(of: x509.Certificate, usage: int, selector: int = 1, matching: int = 1) -> Tlsa:
    return Tlsa(usage, selector, matching, association(of, selector, matching))


@pytest.mark.parametrize("selector", [0, 1])
@pytest.mark.parametrize("matching", [0, 1, 2])
@pytest.mark.parametrize(("usage", "of"), [(3, LEAF), (2, ROOT)])
def test_every_kind_of_record(
    usage: int, of: x509.Certificate, selector: int, matching: int
) -> None:
    wanted = record(of, usage, selector, matching)
    assert matches([wanted], CHAIN, MX, now=NOW).record == wanted


@pytest.mark.parametrize(
    ("records", "chain", "name", "same"),
    [
        pytest.param([record(LEAF, 3)], (OLD,), "other.example", True, id="3: name and end do not count"),
        pytest.param([record(ROOT, 3)], CHAIN, MX, False, id="3: the leaf alone"),
        pytest.param([record(ROOT, 3), record(LEAF, 3)], CHAIN, MX, True, id="one of two"),
        pytest.param([record(ROOT, 2)], CHAIN, "other.example", False, id="2: the name counts"),
        pytest.param([record(ROOT, 2)], (OLD, ROOT), MX, False, id="2: the end counts"),
        pytest.param([record(ROOT, 2)], (LEAF,), MX, False, id="2: the anchor must be sent"),
        pytest.param([record(ROOT, 2)], (FORGED, ROOT), MX, False, id="2: signatures count"),
        pytest.param([record(LEAF, 2)], CHAIN, MX, True, id="2: the leaf may be the anchor"),
    ],
)  # fmt: skip
def test_chains(
    records: list[Tlsa], chain: tuple[x509.Certificate, ...], name: str, same: bool
) -> None:
    found = matches(records, chain, name, now=NOW)
    assert found.matches == same
    assert found.is_usable
    assert bool(found.why) != same


@pytest.mark.parametrize(
    "wanted",
    [
        record(LEAF, 0),
        record(LEAF, 1),
        replace(record(LEAF, 3), selector=2),
        replace(record(LEAF, 3), matching=9),
    ],
    ids=["usage 0", "usage 1", "selector 2", "matching 9"],
)
def test_records_that_no_sender_of_mail_uses(wanted: Tlsa) -> None:
    assert not is_usable(wanted)
    found = matches([wanted], CHAIN, MX, now=NOW)
    assert (found.matches, found.is_usable) == (False, False)


def test_names_are_those_of_the_extension() -> None:
    assert dns_names(LEAF) == (MX,)


def authority(key: Key, signer: Key, subject: str, issuer: str, **basic: Any) -> x509.Certificate:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    begin, end = NOW - timedelta(days=1), NOW + timedelta(days=9)
    builder = x509.CertificateBuilder(name(issuer), name(subject), key.public_key(), 2, begin, end)
    constraints = x509.BasicConstraints(**{"ca": True, "path_length": None} | basic)
    return builder.add_extension(constraints, critical=True).sign(signer, hashes.SHA256())


MIDDLE_KEY = ec.generate_private_key(ec.SECP256R1())
BELOW = made(MX, LEAF_KEY, "middle", MIDDLE_KEY)
MIDDLE = authority(MIDDLE_KEY, ROOT_KEY, "middle", "root")
NOBODY = authority(MIDDLE_KEY, ROOT_KEY, "middle", "root", ca=False)
TOP = authority(ROOT_KEY, ROOT_KEY, "root", "root")
NARROW = authority(ROOT_KEY, ROOT_KEY, "root", "root", path_length=0)


@pytest.mark.parametrize(
    ("chain", "why"),
    [
        pytest.param((BELOW, MIDDLE, TOP), "", id="an authority between"),
        pytest.param((BELOW, TOP, LEAF, MIDDLE), "", id="in another order, with one more"),
        pytest.param((BELOW, NOBODY, TOP), "CN=middle is not a CA", id="no authority between"),
        pytest.param((BELOW, MIDDLE, NARROW), "allows 0 CAs below", id="too long"),
        pytest.param(
            (BELOW, MIDDLE), "no certificate of an anchor above CN=middle", id="no anchor"
        ),
    ],
)
def test_the_way_to_an_anchor(chain: tuple[x509.Certificate, ...], why: str) -> None:
    """RFC 5280 §6.1.4: who is no authority issues for nobody, whatever it has signed."""
    anchor = NARROW if NARROW in chain else TOP
    found = matches([record(anchor, 2, 0)], chain, MX, now=NOW)
    assert (found.matches, why in found.why) == (not why, True)


def test_the_name_may_end_in_a_dot() -> None:
    assert matches([record(ROOT, 2)], CHAIN, f"{MX}.", now=NOW).matches
