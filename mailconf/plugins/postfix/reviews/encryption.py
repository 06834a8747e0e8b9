"""TLS parameters that weaken it, break delivery, or do nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.plugins.postfix.reviews.reading import Reading

WEAK = re.compile(r"(?<![!\w-])(RC4|3DES|DES|MD5|EXPORT\w*|EXP|aNULL|eNULL|NULL|SSLv2|SSLv3)\b")
OLD = re.compile(r">=(SSLv[23]|TLSv1(\.1)?)$|^(SSLv[23]|TLSv1(\.1)?)\b")
STRICT = ("encrypt", "verify", "secure", "dane-only", "fingerprint")

NO_CLIENT_TLS = Rule(
    code="PFX008",
    name="postfix-outgoing-plaintext",
    severity=Severity.WARNING,
    message="smtp_tls_security_level is not set; Postfix {version} sends mail without TLS",
    fix="set smtp_tls_security_level = dane, or may",
    ref="postconf(5) smtp_tls_security_level",
    bad="smtp_dns_support_level = dnssec",
    good="smtp_tls_security_level = may",
    language="main.cf",
)
STRICT_CLIENT = Rule(
    code="PFX009",
    name="postfix-outgoing-tls-mandatory",
    severity=Severity.ERROR,
    message="smtp_tls_security_level is {value}; mail to servers without TLS is never delivered",
    fix="set dane or may; require TLS per destination in smtp_tls_policy_maps",
    ref="postconf(5) smtp_tls_security_level",
    bad="smtp_tls_security_level = encrypt",
    good="smtp_tls_security_level = may",
    language="main.cf",
)
STRICT_MX = Rule(
    code="PFX010",
    name="postfix-tls-mandatory-on-25",
    severity=Severity.ERROR,
    message="smtpd_tls_security_level is {value} on port 25; servers without TLS cannot deliver",
    fix="set may; a public MX must not require TLS",
    ref="RFC 3207 §4",
    bad="smtpd_tls_security_level = encrypt",
    good="smtpd_tls_security_level = may",
    language="main.cf",
)
NO_DNSSEC = Rule(
    code="PFX011",
    name="postfix-dane-without-dnssec",
    severity=Severity.WARNING,
    message="smtp_tls_security_level is {value}, but smtp_dns_support_level is not dnssec",
    fix="set smtp_dns_support_level = dnssec, and run a validating resolver",
    ref="RFC 7672 §2.1, postconf(5) smtp_dns_support_level",
    bad="smtp_tls_security_level = dane",
    good="smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec",
    language="main.cf",
)
OLD_ON_MX = Rule(
    code="TLS003",
    name="tls-version-old-on-25",
    severity=Severity.WARNING,
    message="{name} is {value!r}, which allows TLS versions below 1.2",
    fix="set >=TLSv1.2, or before Postfix 3.6: !SSLv2, !SSLv3, !TLSv1, !TLSv1.1",
    ref="RFC 8996, RFC 9325 §3.1.1",
    bad="smtpd_tls_protocols = >=TLSv1",
    good="smtpd_tls_protocols = >=TLSv1.2",
    language="main.cf",
)
WEAK_CIPHERS = Rule(
    code="TLS010",
    name="tls-ciphers-weak",
    severity=Severity.WARNING,
    message="{name} allows the weak ciphers {words}",
    fix="remove the setting, or use Mozilla's intermediate cipher list",
    ref="RFC 9325 §4.1, Mozilla server-side TLS 6.0",
    bad="tls_medium_cipherlist = ECDHE+AESGCM:RC4-SHA:3DES",
    good="tls_medium_cipherlist = ECDHE+AESGCM",
    language="main.cf",
)
DH_FILE = Rule(
    code="TLS011",
    name="tls-dh-file-useless",
    severity=Severity.NOTICE,
    message="{name} is set; no recommended cipher uses it",
    fix="remove it",
    ref="Mozilla server-side TLS 6.0, postconf(5) smtpd_tls_dh1024_param_file",
    bad="smtpd_tls_dh1024_param_file = /etc/ssl/dh.pem",
    good="smtpd_tls_chain_files = /etc/ssl/key.pem, /etc/ssl/chain.pem",
    language="main.cf",
)
CURVES = Rule(
    code="TLS012",
    name="tls-groups-too-large-for-smtp",
    severity=Severity.WARNING,
    message="tls_eecdh_auto_curves starts with {word}; some servers fail on the resulting large ClientHello",
    fix="leave the parameter out",
    ref="Postfix 3.11 RELEASE_NOTES",
    bad="tls_eecdh_auto_curves = X25519MLKEM768, X25519",
    good="tls_eecdh_auto_curves = X25519, prime256v1",
    language="main.cf",
)
CLIENT_CERTIFICATE = Rule(
    code="TLS018",
    name="tls-client-certificate-from-public-ca",
    severity=Severity.WARNING,
    message="{name} is set; since 2026, certificates from public CAs are valid only for servers",
    fix="remove it; mail servers do not request client certificates",
    ref="CA/Browser Forum, Let's Encrypt: end of clientAuth, 2026-05-13",
    bad="smtp_tls_cert_file = /etc/letsencrypt/live/mail.example.org/fullchain.pem",
    good="smtp_tls_security_level = dane\nsmtp_dns_support_level = dnssec",
    language="main.cf",
)
CLIENT_FILES = ("smtp_tls_cert_file", "smtp_tls_eccert_file", "smtp_tls_chain_files")
DH_FILES = ("smtpd_tls_dh1024_param_file", "smtpd_tls_dh512_param_file")


def encryption(seen: Reading) -> Iterator[Finding]:
    """Yield what is wrong with TLS in main.cf."""
    yield from _levels(seen)
    for name in ("smtpd_tls_protocols", "smtpd_tls_mandatory_protocols"):
        if any(OLD.search(word) for word in seen.words(name)):
            yield seen.found(OLD_ON_MX, name=name, value=seen.values[name])
    for name in (name for name in seen.values if name.endswith("cipherlist")):
        words = sorted(set(WEAK.findall(seen.values[name])))
        if words:
            yield seen.found(WEAK_CIPHERS, name=name, words=", ".join(words))
    yield from _useless_files(seen)
    first = [*seen.words("tls_eecdh_auto_curves"), ""][0]
    if first.startswith("X25519MLKEM768"):
        yield seen.found(CURVES, "tls_eecdh_auto_curves", word=first)


def _useless_files(seen: Reading) -> Iterator[Finding]:
    for name in DH_FILES:
        if seen.values.get(name):
            yield seen.found(DH_FILE, name=name)
    for name in CLIENT_FILES:
        if seen.values.get(name):
            yield seen.found(CLIENT_CERTIFICATE, name=name)


def _levels(seen: Reading) -> Iterator[Finding]:
    client = seen.values.get("smtp_tls_security_level", "")
    if not client and seen.version < (3, 11):
        yield seen.found(NO_CLIENT_TLS, version=seen.target.version("postfix"))
    if client in STRICT and not seen.words("relayhost"):
        yield seen.found(STRICT_CLIENT, "smtp_tls_security_level", value=client)
    if client.startswith("dane") and seen.values.get("smtp_dns_support_level") != "dnssec":
        yield seen.found(NO_DNSSEC, "smtp_dns_support_level", value=client)
    yield from on_mx(seen)


def on_mx(seen: Reading) -> Iterator[Finding]:
    """Yield a demand for TLS on port 25, in main.cf or in the service."""
    value = seen.values.get("smtpd_tls_security_level", "")
    is_mx = not seen.service or seen.service.name in ("smtp", "25", "smtpd")
    if value in STRICT and is_mx:
        yield seen.found(STRICT_MX, "smtpd_tls_security_level", value=value)
