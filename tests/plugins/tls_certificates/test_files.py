"""Renewed certificates are told to every daemon that serves them."""

from mailconf.model.artifact import Checker
from tests.plugins.rendering import FLEET, on_target, options, rendered

UNITS = "etc/systemd/system"
OWN = {
    "domains": {
        "example.org": {
            "client_host": "imap.example.net",
            "tls": {
                "certificate": "/etc/acme/net/chain.pem",
                "private_key": "/etc/acme/net/key.pem",
            },
        }
    }
}


def reloaded(text: str) -> list[str]:
    lines = text.splitlines()
    return [line.split()[-1] for line in lines if "try-reload-or-restart" in line]


def test_the_directory_is_watched_because_links_are_exchanged_in_it() -> None:
    text = rendered().text(f"{UNITS}/mailconf-certificates.path")
    assert "PathChanged=/etc/letsencrypt/live/mail.example.org\n" in text


def test_every_consumer_is_told() -> None:
    text = rendered().text(f"{UNITS}/mailconf-certificates.service")
    assert reloaded(text) == ["dovecot", "nginx", "postfix"]


def test_a_domain_s_own_certificate_is_watched_too() -> None:
    text = rendered(OWN).text(f"{UNITS}/mailconf-certificates.path")
    assert "PathChanged=/etc/acme/net\n" in text


def test_each_machine_tells_its_own_daemons() -> None:
    site = rendered(base=FLEET)
    unit = f"{UNITS}/mailconf-certificates.service"
    assert reloaded(site.text(unit, "mx1")) == ["postfix"]
    assert reloaded(site.text(unit, "st1")) == ["dovecot"]
    assert reloaded(site.text(unit, "www")) == ["nginx"]
    assert f"{unit}" not in site.files("etc", "app")


def test_old_systemd_is_not_asked_to_verify() -> None:
    def checkers(target: str) -> int:
        order = rendered(on_target(target)).file(f"{UNITS}/mailconf-certificates.path").order
        return sum(isinstance(need, Checker) for need in order.needs)

    assert (checkers("debian-11"), checkers("debian-12")) == (0, 1)


def test_postfix_starts_after_what_it_asks() -> None:
    site = rendered(options("dkim", signer="rspamd"))
    for unit in ("postfix.service.d", "postfix@-.service.d"):
        text = site.text(f"{UNITS}/{unit}/mailconf.conf")
        assert "After=rspamd.service\n" in text
        assert "After=dovecot.service\n" in text
        assert "opendkim" not in text
