"""The files of Dovecot: which ones, for whom, with what they need."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.model.artifact import Certificate, Checker, Directory, Unit, User
from mailconf.model.secret import marked
from tests.plugins.dovecot.reading import BOTH, CONF, NEW, conf, packages
from tests.plugins.rendering import FLEET, fleet_on, on_target, options, rendered

ACCOUNTS = {"dovecot.conf", "users", "aliases", "passwords"}


@pytest.mark.parametrize(
    ("host", "files"),
    [
        pytest.param("st1", ACCOUNTS, id="mailstore"),
        pytest.param("sub", {"dovecot.conf"}, id="submission asks the store"),
        pytest.param("mx1", set(), id="mx"),
        pytest.param("out", set(), id="relay"),
        pytest.param("bak", set(), id="backup-mx"),
        pytest.param("app", set(), id="send-only"),
        pytest.param("www", set(), id="web"),
    ],
)
def test_dovecot_runs_where_mail_lies_or_users_log_in(host: str, files: set[str]) -> None:
    assert rendered(base=FLEET).files("etc/dovecot", host) == files


def test_a_store_holds_the_accounts_of_its_own_domains() -> None:
    site = rendered(base=FLEET)
    assert site.text("etc/dovecot/users", "st1") == "alice@example.org:::::::\n"
    assert site.text("etc/dovecot/users", "st2") == "carol@example.net:::::::\n"


@BOTH
def test_only_accounts_with_a_password_can_log_in(target: str) -> None:
    site = rendered(
        overlay({"domains": {"example.org": {"mailboxes": {"bob": {}}}}}, on_target(target))
    )
    users = site.text("etc/dovecot/users").splitlines()
    assert users == ["alice@example.org:::::::", "bob@example.org:::::::"]
    assert (
        site.text("etc/dovecot/passwords")
        == f"alice@example.org:{marked('ref+env://ALICE', 'passwd-field')}\n"
    )


def test_passwords_are_for_dovecot_alone() -> None:
    file = rendered().file("etc/dovecot/passwords")
    assert (file.order.owner, file.order.group, file.order.mode) == ("root", "dovecot", 0o640)
    assert file.is_secret


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        pytest.param({}, ["dovecot-imapd", "dovecot-lmtpd", "dovecot-sieve"], id="the usual"),
        pytest.param(
            {"protocols": {"imaps": "off", "pop3s": {"port": 995}}},
            ["dovecot-lmtpd", "dovecot-pop3d", "dovecot-sieve"],
            id="POP3 alone",
        ),
        pytest.param(
            {"protocols": {"managesieve": {"port": 4190}}},
            ["dovecot-imapd", "dovecot-lmtpd", "dovecot-managesieved", "dovecot-sieve"],
            id="ManageSieve",
        ),
        pytest.param(
            overlay(options("dovecot", full_text_search=True), on_target(NEW)),
            ["dovecot-flatcurve", "dovecot-imapd", "dovecot-lmtpd", "dovecot-sieve"],
            id="search",
        ),
    ],
)
def test_packages_follow_what_is_offered(changes: dict[str, Any], wanted: list[str]) -> None:
    assert packages(rendered(changes)) == wanted


def test_a_host_that_only_authenticates_needs_the_core() -> None:
    assert packages(rendered(base=FLEET), "sub") == ["dovecot-core"]


def test_mail_has_an_owner_and_a_place() -> None:
    needs = rendered().file(CONF).order.needs
    assert User("vmail", 5000, "/var/vmail") in needs
    assert Directory("/var/vmail", "vmail", "vmail", 0o750) in needs
    assert Unit("dovecot", "reload") in needs
    assert Checker(("doveconf", "-n", "-c", f"/{CONF}")) in needs


def test_every_name_that_is_shown_needs_its_certificate() -> None:
    own = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}
    site = rendered({"domains": {"example.org": {"client_host": "in.example.org", "tls": own}}})
    found = {
        n.name: n.certificate for n in site.file(CONF).order.needs if isinstance(n, Certificate)
    }
    assert found == {
        "mail.example.org": "/etc/letsencrypt/live/mail.example.org/fullchain.pem",
        "in.example.org": "/etc/ssl/own.pem",
    }


@BOTH
def test_the_store_writes_as_a_postmaster_that_exists(target: str) -> None:
    postmaster = (
        conf(rendered(on_target(target))).one("protocol lmtp").settings["postmaster_address"]
    )
    assert postmaster == "postmaster@example.org"
    nobody = {"domains": {"example.org": {"aliases": {"postmaster": "alice"}}}}
    site = fleet_on(target, nobody)
    assert conf(site, "st2").one("protocol lmtp").settings["postmaster_address"] == (
        "postmaster@example.org"
    )
