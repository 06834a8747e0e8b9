"""DKIM keys: published in every state, signing in one."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mailconf.plugins.dkim import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded


def public(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


LONG = public(rsa.generate_private_key(65537, 2048))
SHORT = public(rsa.generate_private_key(65537, 1024))
CURVE = public(ec.generate_private_key(ec.SECP256R1()))
GOOD = {"public_key": LONG, "private_key": "ref+file://keys/a.pem"}


@pytest.mark.parametrize(
    ("selectors", "found"),
    [
        pytest.param({"one": GOOD}, [], id="fine"),
        pytest.param({"one": GOOD, "two": {**GOOD, "state": "published"}}, [], id="next key"),
        pytest.param({}, ["DKM020"], id="no key"),
        pytest.param({"one": {**GOOD, "state": "retired"}}, ["DKM020"], id="none active"),
        pytest.param({"one": GOOD, "two": GOOD}, ["DKM021"], id="two active"),
        pytest.param({"one": {**GOOD, "public_key": ""}}, ["DKM022"], id="no public half"),
        pytest.param({"one": {**GOOD, "public_key": "****"}}, ["DKM022"], id="no base64"),
        pytest.param({"one": {**GOOD, "public_key": "AAAA"}}, ["DKM022"], id="no key in it"),
        pytest.param({"one": {**GOOD, "public_key": CURVE}}, ["DKM022"], id="no RSA key"),
        pytest.param({"one": {"public_key": LONG}}, ["DKM023"], id="no private half"),
        pytest.param({"one": {**GOOD, "public_key": SHORT}}, ["DKM004"], id="1024 bits"),
    ],
)
def test_rules(selectors: dict[str, Any], found: list[str]) -> None:
    seen = view(plugin, spec_of(), options={"selectors": selectors})
    assert codes(yielded(plugin.lint, seen)) == found


# 768 bits: cryptography makes no such key any more, so a public half stands here.
TINY = (
    "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAMgtBWYhs9J5nY0Bnp5V/haox0LoqlQBsKNFAz1YmjKY/SuH7utAICFQijZP"
    "bJAs1UBMQCgZJZs1UU/JjWGwUs5xOeaWUtVspzXvZZPYVkqTT4IXashAXj2iOVOay7d6bwIDAQAB"
)


def test_a_key_that_receivers_ignore() -> None:
    seen = view(plugin, spec_of(), options={"selectors": {"one": {**GOOD, "public_key": TINY}}})
    assert codes(yielded(plugin.lint, seen)) == ["DKM003"]


def test_a_parked_domain_needs_no_key() -> None:
    seen = view(plugin, spec_of(domains={"a.example": {"mail": "none"}}))
    assert yielded(plugin.lint, seen) == []


def test_all_keys_are_published_and_the_active_one_signs() -> None:
    selectors = {"one": GOOD, "two": {**GOOD, "state": "published"}, "bad": {"public_key": "*"}}
    seen = view(plugin, spec_of(), options={"selectors": selectors})
    names = [record.name for record in yielded(plugin.records, seen)]
    assert names == ["one._domainkey.example.org.", "two._domainkey.example.org."]
    (setting,) = yielded(plugin.settings, seen)
    assert (setting.to, setting.key) == ("opendkim", "example.org one")
    assert setting.value == "ref+file://keys/a.pem"
