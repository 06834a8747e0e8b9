"""The cipher suites of Mozilla's intermediate profile, as OpenSSL knows them."""

import ssl

from mailconf.formats.ciphers import CIPHER_LIST, INTERMEDIATE


def test_openssl_knows_them_all_and_adds_none() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHER_LIST)
    offered = {c["name"]: c for c in context.get_ciphers() if c["protocol"] != "TLSv1.3"}
    assert set(offered) == set(INTERMEDIATE)


def test_each_has_forward_secrecy_and_authenticates_what_it_encrypts() -> None:
    for name in INTERMEDIATE:
        assert name.startswith("ECDHE-")
        assert "GCM" in name or "POLY1305" in name
