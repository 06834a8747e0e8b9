"""Login services: the same ports, proxies and certificates in both dialects."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.formats.ciphers import CIPHER_LIST
from tests.plugins.dovecot.reading import BOTH, NEW, OLD, conf, listeners
from tests.plugins.rendering import Site, fleet_on, on_target, rendered

EVERY_PORT = {
    "imaps": {"port": 993},
    "imap": {"port": 143},
    "pop3s": {"port": 995},
    "pop3": {"port": 110},
    "managesieve": {"port": 4190},
}
PROXIED: dict[str, Any] = {
    "imaps": {"port": 993, "proxies": ["192.0.2.100", "2001:db8::100"]},
    "imap": {"port": 143},
}
TLS = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}


def on(target: str, changes: dict[str, Any] | None = None) -> Site:
    return rendered(overlay(changes or {}, on_target(target)))


@pytest.mark.parametrize(
    "protocols",
    [
        pytest.param({}, id="the usual"),
        pytest.param(EVERY_PORT, id="all"),
        pytest.param({"imaps": "off", "pop3s": {"port": 1995}}, id="others"),
        pytest.param(PROXIED, id="behind proxies"),
    ],
)
def test_both_dialects_have_the_same_listeners(protocols: dict[str, Any]) -> None:
    old, new = (listeners(conf(on(target, {"protocols": protocols}))) for target in (OLD, NEW))
    assert old == new
    assert old


@BOTH
def test_a_listener_that_is_not_offered_is_closed_by_port_0(target: str) -> None:
    assert listeners(conf(on(target))) == {
        "imap-login": {"imaps": {"port": "993", "ssl": "yes"}, "imap": {"port": "0"}}
    }


@BOTH
def test_every_protocol_has_its_port_and_its_way_into_tls(target: str) -> None:
    assert listeners(conf(on(target, {"protocols": EVERY_PORT}))) == {
        "imap-login": {"imaps": {"port": "993", "ssl": "yes"}, "imap": {"port": "143"}},
        "pop3-login": {"pop3s": {"port": "995", "ssl": "yes"}, "pop3": {"port": "110"}},
        "managesieve-login": {"sieve": {"port": "4190"}},
    }


@BOTH
def test_only_the_proxied_listener_speaks_the_proxy_protocol(target: str) -> None:
    whole = conf(on(target, {"protocols": PROXIED}))
    assert listeners(whole)["imap-login"] == {
        "imaps": {"port": "993", "ssl": "yes", "haproxy": "yes"},
        "imap": {"port": "143"},
    }
    assert whole.settings["haproxy_trusted_networks"] == "192.0.2.100 2001:db8::100"


@BOTH
def test_without_proxies_nobody_is_trusted(target: str) -> None:
    assert "haproxy_trusted_networks" not in conf(on(target)).settings


@pytest.mark.parametrize(
    ("protocols", "opened"),
    [
        pytest.param({}, {"imap", "lmtp"}, id="the usual"),
        pytest.param(EVERY_PORT, {"imap", "pop3", "sieve", "lmtp"}, id="all"),
        pytest.param({"imaps": "off"}, {"lmtp"}, id="none"),
    ],
)
def test_both_dialects_open_the_same_protocols(protocols: Any, opened: set[str]) -> None:
    old, new = (conf(on(target, {"protocols": protocols})) for target in (OLD, NEW))
    assert set(old.settings["protocols"].split()) == opened
    assert new.one("protocols").settings == dict.fromkeys(opened, "yes")


def test_passwords_never_cross_the_network_in_clear() -> None:
    old, new = conf(on(OLD)).settings, conf(on(NEW)).settings
    assert (old["ssl"], new["ssl"]) == ("required", "required")
    assert (old["ssl_min_protocol"], new["ssl_min_protocol"]) == ("TLSv1.2", "TLSv1.2")
    assert (old["ssl_cipher_list"], new["ssl_cipher_list"]) == (CIPHER_LIST, CIPHER_LIST)
    assert old["disable_plaintext_auth"] == "yes"
    assert new["auth_allow_cleartext"] == "no"


def test_the_host_shows_its_certificate() -> None:
    live = "/etc/letsencrypt/live/mail.example.org"
    old, new = conf(on(OLD)).settings, conf(on(NEW)).settings
    assert (old["ssl_cert"], old["ssl_key"]) == (f"<{live}/fullchain.pem", f"<{live}/privkey.pem")
    assert new["ssl_server_cert_file"] == f"{live}/fullchain.pem"
    assert new["ssl_server_key_file"] == f"{live}/privkey.pem"


def test_a_domain_shows_its_own_certificate_by_name() -> None:
    own = {"domains": {"example.org": {"client_host": "in.example.org", "tls": TLS}}}
    old = conf(on(OLD, own)).one("local_name in.example.org")
    new = conf(on(NEW, own)).one("local_name in.example.org")
    assert old.settings == {"ssl_cert": "</etc/ssl/own.pem", "ssl_key": "</etc/ssl/own.key"}
    assert new.settings == {
        "ssl_server_cert_file": "/etc/ssl/own.pem",
        "ssl_server_key_file": "/etc/ssl/own.key",
    }


@BOTH
def test_without_a_certificate_a_name_is_served_by_the_hosts_own(target: str) -> None:
    named = {"domains": {"example.org": {"client_host": "in.example.org"}}}
    assert conf(on(target, named)).all("local_name") == []


@BOTH
def test_a_store_shows_only_the_names_of_domains_that_lie_on_it(target: str) -> None:
    domains = {
        "example.org": {"client_host": "a.example.org", "tls": TLS},
        "example.net": {"client_host": "b.example.net", "tls": TLS},
    }
    site = fleet_on(target, {"domains": domains})
    shown = {
        host: [block.head for block in conf(site, host).all("local_name")]
        for host in ("st1", "st2")
    }
    assert shown == {"st1": ["local_name a.example.org"], "st2": ["local_name b.example.net"]}


@BOTH
def test_no_socket_is_for_every_local_account(target: str) -> None:
    """Dovecot gives LMTP, the indexer, URLAUTH and the userdb mode 0666 by default."""
    whole = conf(on(target))
    modes = {
        name: [
            listener.settings["mode"]
            for service in whole.all(f"service {name}")
            for listener in service.blocks
            if listener.head == f"unix_listener {socket}"
        ]
        for name, socket in {
            "auth": "auth-userdb",
            "imap-urlauth-login": "imap-urlauth",
            "indexer": "indexer",
            "lmtp": "lmtp",
        }.items()
    }
    assert modes == {
        "auth": ["0660"],
        "imap-urlauth-login": ["00"],
        "indexer": ["0600"],
        "lmtp": ["00"],
    }
