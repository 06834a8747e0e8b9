"""Certificates: every fault is a fact, seen on a second connection without trust."""

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from mailconf.model.questions.sessions import ServerSession, Session
from mailconf.model.questions.tls import NegotiatedTls, TlsNegotiation
from mailconf.model.world import Inconclusive
from mailconf.net.tls import NoCertificatesError, authorities_of, facts_of
from tests.net.asking import HOST, SOON, listener, world
from tests.servers.authority import TestAuthority
from tests.servers.scripted import hear, say, scripted, silence, tls

NOW = datetime.now(UTC)
POLITE = (
    *(say("+OK ready\n"), hear("CAPA"), say("+OK\nUIDL\n.\n")),
    *(hear("QUIT"), say("+OK bye\n")),
)


async def asked(authority: TestAuthority, ca_file: Path | None, **how: bool) -> Session:
    async with scripted(POLITE, context=authority.server(HOST, **how)) as server:
        return await world(ca_file).ask(ServerSession(listener("pop3s", server.port)))


async def test_a_trusted_certificate_has_no_fault(authority: TestAuthority) -> None:
    facts = (await asked(authority, authority.file)).tls
    assert facts
    assert (facts.fault, facts.names, facts.issuer) == ("", (HOST,), "mailconf lab authority")
    assert facts.version == "TLSv1.3"
    assert (facts.key, facts.bits, facts.digest) == ("ec", 256, "sha256")
    assert not facts.must_staple
    assert facts.not_before < datetime.now(UTC) < facts.not_after


async def test_an_unknown_authority_is_a_fault(authority: TestAuthority) -> None:
    facts = (await asked(authority, None)).tls
    assert facts
    assert "unable to get local issuer certificate" in facts.fault


async def test_an_expired_certificate_is_a_fault(authority: TestAuthority) -> None:
    facts = (await asked(authority, authority.file, expired=True)).tls
    assert facts
    assert facts.fault == "certificate has expired"
    assert facts.not_after < datetime.now(UTC)


async def test_another_name_is_no_fault_of_the_chain(authority: TestAuthority) -> None:
    context = authority.server("other.example.org")
    async with scripted(POLITE, context=context) as server:
        facts = (await world(authority.file).ask(ServerSession(listener("pop3s", server.port)))).tls
    assert facts
    assert (facts.fault, facts.names) == ("", ("other.example.org",))


async def test_clear_text_on_a_tls_port_cannot_be_told() -> None:
    async with scripted((say("+OK ready\n"), silence)) as server:
        with pytest.raises(Inconclusive, match="TLS handshake failed"):
            await world(seconds=SOON).ask(ServerSession(listener("pop3s", server.port)))


class Handshake:
    """A finished handshake that showed a certificate."""

    def __init__(self, certificate: x509.Certificate) -> None:
        self._certificate = certificate

    def getpeercert(self, binary_form: bool) -> bytes:
        assert binary_form
        return self._certificate.public_bytes(Encoding.DER)

    def cipher(self) -> tuple[str, str, int]:
        return ("TLS_AES_128_GCM_SHA256", "TLSv1.3", 128)

    def version(self) -> str:
        return "TLSv1.3"


def test_what_a_weak_certificate_is_made_of() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    staple = x509.TLSFeature([x509.TLSFeatureType.status_request])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=1))
        .add_extension(staple, critical=False)
        .sign(key, hashes.SHA256())
    )
    facts = facts_of(Handshake(certificate), "")  # type: ignore[arg-type]
    assert (facts.key, facts.bits, facts.digest) == ("rsa", 1024, "sha256")
    assert facts.must_staple
    assert facts.names == ()


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        pytest.param("1.3.6.1.5.5.7.1.24", bytes.fromhex("3003020163"), id="unknown TLS feature"),
        pytest.param("2.5.29.17", bytes.fromhex("30038201e4"), id="name with an odd octet"),
        pytest.param("2.5.29.17", bytes.fromhex("30058703010203"), id="address of three octets"),
    ],
)
def test_a_certificate_that_is_none_cannot_be_told_about(oid: str, value: bytes) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=1))
        .add_extension(odd, critical=False)
        .sign(key, hashes.SHA256())
    )
    with pytest.raises(Inconclusive, match="the certificate cannot be read"):
        facts_of(Handshake(certificate), "")  # type: ignore[arg-type]


def old(authority: TestAuthority) -> ssl.SSLContext:
    """A server that still speaks TLS 1.1 at most."""
    context = authority.server(HOST)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


STLS = (say("+OK\n"), hear("STLS"), say("+OK go\n"))


async def test_a_server_that_speaks_old_versions(authority: TestAuthority) -> None:
    async with scripted((silence,), context=old(authority)) as server:
        found = await world().ask(TlsNegotiation(listener("pop3s", server.port), "old TLS"))
        assert found.version == "TLSv1.1"
    async with scripted((*STLS, tls(old(authority)), silence)) as server:
        found = await world().ask(TlsNegotiation(listener("pop3", server.port), "old TLS"))
        assert found.version == "TLSv1.1"


async def test_a_server_that_speaks_new_versions_only(authority: TestAuthority) -> None:
    async with scripted((silence,), context=authority.server(HOST)) as server:
        assert (
            await world().ask(TlsNegotiation(listener("pop3s", server.port), "old TLS"))
            == NegotiatedTls()
        )
    async with scripted((*STLS, tls(authority.server(HOST)), silence)) as server:
        assert (
            await world().ask(TlsNegotiation(listener("pop3", server.port), "old TLS"))
            == NegotiatedTls()
        )


def weak(authority: TestAuthority) -> ssl.SSLContext:
    """A server that still takes CBC."""
    context = authority.server(HOST)
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def strong(authority: TestAuthority) -> ssl.SSLContext:
    context = authority.server(HOST)
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    return context


async def test_a_server_that_takes_weak_ciphers(authority: TestAuthority) -> None:
    async with scripted((silence,), context=weak(authority)) as server:
        found = await world().ask(TlsNegotiation(listener("pop3s", server.port), "weak ciphers"))
    assert "GCM" not in found.cipher or not found.cipher.startswith("ECDHE")
    async with scripted((*STLS, tls(weak(authority)), silence)) as server:
        again = await world().ask(TlsNegotiation(listener("pop3", server.port), "weak ciphers"))
    assert again.cipher == found.cipher


async def test_a_server_that_takes_strong_ciphers_only(authority: TestAuthority) -> None:
    async with scripted((silence,), context=strong(authority)) as server:
        found = await world().ask(TlsNegotiation(listener("pop3s", server.port), "weak ciphers"))
    assert found == NegotiatedTls()


async def test_who_knows_one_kind_of_certificate_is_shown_that_kind(
    authority: TestAuthority,
) -> None:
    shown: set[str] = set()
    for kind in ("RSA", "ECDSA"):
        context = authority.server_of_both_kinds(HOST)
        async with scripted((*STLS, tls(context), silence)) as server:
            found = await world().ask(TlsNegotiation(listener("pop3", server.port), kind))
        assert f"-{kind}-" in found.cipher
        shown.add(found.key_digest)
    assert len(shown) == 2
    async with scripted((silence,), context=authority.server(HOST)) as server:
        assert (
            await world().ask(TlsNegotiation(listener("pop3s", server.port), "RSA"))
            == NegotiatedTls()
        )


async def test_a_server_that_starts_no_tls_cannot_be_told_about() -> None:
    async with scripted((say("+OK\n"), hear("STLS"), say("-ERR no\n"))) as server:
        with pytest.raises(Inconclusive, match="rejects STARTTLS: -ERR no"):
            await world().ask(TlsNegotiation(listener("pop3", server.port), "old TLS"))


async def test_silence_in_the_handshake_cannot_be_told_about() -> None:
    async with scripted((*STLS, silence)) as server:
        with pytest.raises(Inconclusive, match="did not answer within"):
            await world(seconds=SOON).ask(TlsNegotiation(listener("pop3", server.port), "old TLS"))


async def test_a_tls_library_without_old_versions_says_so(authority: TestAuthority) -> None:
    asked = world()
    asked._network.contexts.offering("old TLS").minimum_version = ssl.TLSVersion.TLSv1_2
    async with scripted((silence,), context=authority.server(HOST)) as server:
        with pytest.raises(Inconclusive, match="has nothing as old"):
            await asked.ask(TlsNegotiation(listener("pop3s", server.port), "old TLS"))


def test_authorities_are_found_among_other_lines(authority: TestAuthority) -> None:
    pem = authority.file.read_bytes()
    octets = b"# Umlaut \xe4\r\n" + pem + b"\nsubject=x\n" + pem.replace(b"\n", b"\r\n")
    assert authorities_of(octets).count("BEGIN CERTIFICATE") == 2


@pytest.mark.parametrize("octets", [b"", b"hello", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_file_without_authorities(octets: bytes) -> None:
    with pytest.raises(NoCertificatesError, match="no PEM certificates in it"):
        authorities_of(octets)
