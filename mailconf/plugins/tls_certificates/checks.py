"""Live checks over the certificate and TLS version of every mail listener."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

from mailconf.formats.names import covers
from mailconf.model.client_services import client_endpoints
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.sessions import ServerSession, TlsFacts
from mailconf.model.renewal import is_due
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.tls_certificates.options import TlsOptions

MODERN = ("TLSv1.2", "TLSv1.3")

UNTRUSTED = Rule(
    code="TLS007",
    name="certificate-untrusted",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate is not trusted: {why}",
    expected="a trusted certificate chain",
    fix="install a certificate from a public CA with its full chain; for a private CA, use --ca FILE",
    ref="RFC 8314 §3, RFC 8446 §4.4.2",
)
UNTRUSTED_MX = Rule(
    code="TLS020",
    name="mx-certificate-untrusted",
    severity=Severity.WARNING,
    found_by="verify",
    message="senders that verify certificates do not trust this one: {why}",
    expected="a trusted certificate chain",
    fix="install a certificate from a public CA with its full chain",
    ref="RFC 8461 §4.2",
)
WRONG_NAME = Rule(
    code="TLS005",
    name="certificate-name-mismatch",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate covers {names}, not {want}",
    expected="{want}",
    fix="request a certificate that covers {want}",
    ref="RFC 9525 §6.3",
)
EXPIRED = Rule(
    code="TLS006",
    name="certificate-expired",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate expired on {end}",
    expected="a valid certificate",
    fix="renew it and reload the daemon",
    ref="RFC 5280 §4.1.2.5",
)
EXPIRES = Rule(
    code="TLS021",
    name="certificate-expires",
    severity=Severity.WARNING,
    found_by="verify",
    message="the certificate expires on {end}, in {days} days",
    expected="enough time left for a renewal",
    fix="renew it and reload the daemon; automate both",
    ref="RFC 5280 §4.1.2.5",
)
OLD_VERSION = Rule(
    code="TLS002",
    name="tls-version-old",
    severity=Severity.ERROR,
    found_by="verify",
    message="the server negotiated {got}; expected TLS 1.2 or 1.3",
    expected="TLS 1.2 or 1.3",
    fix="deploy the generated configuration",
    ref="RFC 8996, RFC 9325 §3.1.1",
)
NO_TLS_13 = Rule(
    code="TLS004",
    name="tls-version-not-newest",
    severity=Severity.NOTICE,
    found_by="verify",
    message="the server negotiated {got}, although TLS 1.3 was offered",
    expected="TLS 1.3",
    fix="update the daemon's TLS library",
    ref="RFC 9325 §3.1.1",
)
WEAK_KEY = Rule(
    code="TLS008",
    name="certificate-key-weak",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate has {what}",
    expected="EC P-256, or RSA of 2048 bits and more, signed with SHA-2",
    fix="request a certificate for a new key: EC P-256, or RSA with at least 2048 bits",
    ref="RFC 9325 §4.5, CA/Browser Forum Baseline Requirements §6.1.5",
)
MUST_STAPLE = Rule(
    code="TLS017",
    name="certificate-must-staple",
    severity=Severity.WARNING,
    found_by="verify",
    message="the certificate requires OCSP stapling, which mail servers do not support",
    expected="a certificate without must-staple",
    fix="request a certificate without must-staple; public CAs have discontinued OCSP",
    ref="RFC 7633, Let's Encrypt: ending OCSP",
)
RSA_BITS = 2048
EC_BITS = 224
BROKEN_DIGESTS = ("md5", "sha1")


def listeners(view: View[TlsOptions]) -> Iterator[EndpointAddress]:
    """Yield every mail endpoint at each of its addresses, under each name that clients know."""
    own = [p for d in view.spec.hosted if d.client_host for p in client_endpoints(view.spec, d)]
    for endpoint in dict.fromkeys((*view.spec.endpoints, *own)):
        for address in endpoint.addresses:
            yield EndpointAddress(endpoint, address)


async def _facts(listener: EndpointAddress, world: World) -> TlsFacts:
    session = await world.ask(ServerSession(listener))
    if session.tls is None:
        raise Inconclusive("no TLS session, so there is no certificate to check")
    return session.tls


async def chain_is_trusted(
    _view: View[TlsOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Check the chain as a client does; port 25 may stand without (RFC 7435 §3)."""
    facts = await _facts(listener, world)
    if facts.fault and facts.not_after > world.now:
        rule = UNTRUSTED_MX if listener.endpoint.protocol.name == "smtp" else UNTRUSTED
        yield rule.at(listener, listener.endpoint.where, why=facts.fault)


async def name_is_covered(
    _view: View[TlsOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Compare the subject alternative names with the name that clients connect to."""
    facts, want = await _facts(listener, world), listener.endpoint.host
    if not any(covers(name, want) for name in facts.names):
        names = ", ".join(facts.names) or "no name"
        yield WRONG_NAME.at(listener, listener.endpoint.where, names=names, want=want)


async def not_expired(
    _view: View[TlsOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Warn when less than a third of the lifetime is left, at the latest a week before the end."""
    facts = await _facts(listener, world)
    left, where = facts.not_after - world.now, listener.endpoint.where
    end = facts.not_after.date()
    if left <= timedelta(0):
        yield EXPIRED.at(listener, where, end=end)
    elif is_due(facts, world.now):
        yield EXPIRES.at(listener, where, end=end, days=left.days)


async def version_is_modern(
    _view: View[TlsOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Look at the version that the server chose."""
    facts = await _facts(listener, world)
    if facts.version not in MODERN:
        yield OLD_VERSION.at(listener, listener.endpoint.where, got=facts.version)
    elif facts.version != MODERN[-1]:
        yield NO_TLS_13.at(listener, listener.endpoint.where, got=facts.version)


async def key_is_strong(
    _view: View[TlsOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Look at key, signature and extensions of the certificate."""
    facts, where = await _facts(listener, world), listener.endpoint.where
    shortest = {"rsa": RSA_BITS, "ec": EC_BITS}.get(facts.key, 0)
    if facts.bits < shortest:
        yield WEAK_KEY.at(listener, where, what=f"a {facts.bits}-bit {facts.key} key")
    if facts.digest in BROKEN_DIGESTS:
        yield WEAK_KEY.at(listener, where, what=f"a {facts.digest} signature")
    if facts.must_staple:
        yield MUST_STAPLE.at(listener, where)


CHECKS = (
    Check("tls.chain", "Clients trust the certificate chain.", listeners, chain_is_trusted),
    Check("tls.name", "The certificate covers the host's name.", listeners, name_is_covered),
    Check("tls.expiry", "The certificate does not expire soon.", listeners, not_expired),
    Check("tls.version", "TLS 1.2 or later is negotiated.", listeners, version_is_modern),
    Check("tls.key", "Key and signature of the certificate are strong.", listeners, key_is_strong),
)
