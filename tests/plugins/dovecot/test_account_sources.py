"""Accounts in a database, in a directory, behind tokens: secrets stay references."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.formats.quoting import dovecot_value
from mailconf.model.secret import marked
from mailconf.plugins.dovecot.options import Ldap
from tests.plugins.dovecot.reading import BOTH, CONF, NEW, OLD, conf, packages
from tests.plugins.rendering import Site, fleet_on, on_target, options, rendered

QUERIES = {
    "password_query": "SELECT password FROM users WHERE name = '%{user}'",
    "user_query": "SELECT 1 FROM users WHERE name = '%{user}'",
}
SQL: dict[str, Any] = {
    "driver": "pgsql",
    "host": "db.example.org",
    "dbname": "mail",
    "username": "reader",
    "password": "ref+env://DATABASE",
    **QUERIES,
}
LDAP: dict[str, Any] = {
    "uris": ["ldaps://ldap.example.org"],
    "base": "dc=example,dc=org",
    "bind_dn": "cn=dovecot,dc=example,dc=org",
    "password": "ref+env://DIRECTORY",
}
OAUTH2 = {"introspection_url": "ref+env://INTROSPECTION"}


def on(target: str, **dovecot: Any) -> Site:
    return rendered(overlay(options("dovecot", **dovecot), on_target(target)))


@BOTH
def test_a_configuration_without_secrets_is_for_everybody(target: str) -> None:
    file = on(target).file(CONF)
    assert (file.order.group, file.order.mode, file.is_secret) == ("root", 0o644, False)


@pytest.mark.parametrize(
    ("section", "given", "reference"),
    [
        pytest.param("sql", SQL, "ref+env://DATABASE", id="sql"),
        pytest.param("ldap", LDAP, "ref+env://DIRECTORY", id="ldap"),
        pytest.param("oauth2", OAUTH2, "ref+env://INTROSPECTION", id="oauth2"),
    ],
)
@pytest.mark.parametrize(
    ("target", "path"),
    [
        pytest.param(OLD, "etc/dovecot/dovecot-{}.conf.ext", id="2.3 wants files apart"),
        pytest.param(NEW, CONF, id="2.4 has one file"),
    ],
)
def test_secrets_of_account_sources_stay_references(
    target: str, path: str, section: str, given: dict[str, Any], reference: str
) -> None:
    file = on(target, **{section: given}).file(path.format(section))
    assert f"{reference}\0" in file.text
    assert (file.order.owner, file.order.group, file.order.mode) == ("root", "dovecot", 0o640)


@BOTH
@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"sql": SQL}, id="sql"),
        pytest.param({"ldap": LDAP}, id="ldap"),
        pytest.param({"oauth2": OAUTH2}, id="oauth2"),
    ],
)
def test_a_source_of_accounts_makes_one_more_file_secret(target: str, given: Any) -> None:
    def secret(site: Site) -> set[str]:
        names = site.files("etc/dovecot")
        return {name for name in names if site.file(f"etc/dovecot/{name}").is_secret}

    assert secret(on(target)) == {"passwords"}
    assert len(secret(on(target, **given))) == 2


def test_a_database_is_asked_with_the_operators_queries() -> None:
    old = on(OLD, sql=SQL).text("etc/dovecot/dovecot-sql.conf.ext")
    new = conf(on(NEW, sql=SQL))
    secret = marked("ref+env://DATABASE", "dovecot-pgsql")
    assert f'connect = "host=db.example.org dbname=mail user=reader password={secret}"\n' in old
    assert f"password_query = {QUERIES['password_query']}\n" in old
    assert f"user_query = {QUERIES['user_query']}\n" in old
    assert new.one("pgsql db.example.org").one("parameters").settings == {
        "user": "reader",
        "dbname": "mail",
        "password": marked("ref+env://DATABASE", "dovecot"),
    }
    assert new.one("passdb sql").settings["query"] == dovecot_value(QUERIES["password_query"])
    assert new.one("userdb sql").settings["query"] == dovecot_value(QUERIES["user_query"])


def test_an_sqlite_file_needs_no_login() -> None:
    sqlite = {"driver": "sqlite", "dbname": "/var/lib/mail/users.db", **QUERIES}
    old, new = on(OLD, sql=sqlite), on(NEW, sql=sqlite)
    ext = old.text("etc/dovecot/dovecot-sql.conf.ext")
    assert "connect = /var/lib/mail/users.db\n" in ext
    assert conf(new).settings["sqlite_path"] == "/var/lib/mail/users.db"
    assert new.file(CONF).order.mode == 0o644


def test_users_of_a_directory_bind_to_it_with_their_own_password() -> None:
    old = on(OLD, ldap=LDAP).text("etc/dovecot/dovecot-ldap.conf.ext")
    new = conf(on(NEW, ldap=LDAP))
    assert "auth_bind = yes\n" in old
    assert "uris = ldaps://ldap.example.org\n" in old
    assert "dn = cn=dovecot,dc=example,dc=org\n" in old
    assert new.one("passdb ldap").settings["bind"] == "yes"
    assert new.settings["ldap_uris"] == "ldaps://ldap.example.org"
    assert new.settings["ldap_auth_dn"] == "cn=dovecot,dc=example,dc=org"


@pytest.mark.parametrize(
    ("uri", "starttls"), [("ldaps://ldap.example.org", False), ("ldap://ldap.example.org", True)]
)
def test_no_password_goes_to_a_directory_in_clear(uri: str, starttls: bool) -> None:
    given = LDAP | {"uris": [uri]}
    old = on(OLD, ldap=given).text("etc/dovecot/dovecot-ldap.conf.ext")
    assert ("tls = yes\n" in old) == starttls
    assert (conf(on(NEW, ldap=given)).settings.get("ldap_starttls") == "yes") == starttls


def test_ways_of_tls_are_not_mixed() -> None:
    both = LDAP | {"uris": ["ldap://a.example.org", "ldaps://b.example.org"]}
    with pytest.raises(ValueError, match="all ldaps:// or all ldap://"):
        Ldap(**both)


@BOTH
def test_tokens_have_mechanisms_of_their_own(target: str) -> None:
    with_tokens, without = conf(on(target, oauth2=OAUTH2)), conf(on(target))
    assert with_tokens.settings["auth_mechanisms"] == "plain login oauthbearer xoauth2"
    assert without.settings["auth_mechanisms"] == "plain login"


@BOTH
def test_the_accounts_of_the_spec_are_asked_first(target: str) -> None:
    whole = conf(on(target, sql=SQL, ldap=LDAP))
    drivers = [b.settings.get("driver", b.head.partition(" ")[2]) for b in whole.all("passdb")]
    assert drivers == ["passwd-file", "sql", "ldap"]
    users = [b.settings.get("driver", b.head.partition(" ")[2]) for b in whole.all("userdb")]
    assert users == ["passwd-file", "sql", "ldap"]


@BOTH
def test_a_host_that_only_authenticates_knows_no_source_of_accounts(target: str) -> None:
    site = fleet_on(target, options("dovecot", sql=SQL, oauth2=OAUTH2))
    assert site.files("etc/dovecot", "sub") == {"dovecot.conf"}
    assert not site.file(CONF, "sub").is_secret


@pytest.mark.parametrize(
    ("given", "package"),
    [
        pytest.param({"sql": SQL}, "dovecot-pgsql", id="PostgreSQL"),
        pytest.param({"sql": {**SQL, "driver": "mysql"}}, "dovecot-mysql", id="MySQL"),
        pytest.param({"sql": {**SQL, "driver": "sqlite"}}, "dovecot-sqlite", id="SQLite"),
        pytest.param({"ldap": LDAP}, "dovecot-ldap", id="LDAP"),
    ],
)
def test_a_source_of_accounts_needs_its_package(given: Any, package: str) -> None:
    assert {*packages(on(OLD, **given))} - {*packages(on(OLD))} == {package}
