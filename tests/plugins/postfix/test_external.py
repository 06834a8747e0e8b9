"""Accounts in a database or directory: Postfix asks the store who exists."""

import re
from typing import Any

import pytest

from tests.plugins.rendering import FLEET, SITE, Site, options, rendered, settings

SQL = {"driver": "pgsql", "dbname": "mail", "password_query": "a", "user_query": "b"}
LDAP = {"uris": ["ldaps://ldap.example.org"], "base": "dc=example,dc=org"}
TABLES = "texthash:/etc/postfix/"
EXTERNAL = {"external_domains", "known_recipients", "own_logins"}


def with_database(**domain: Any) -> Site:
    return rendered({**options("dovecot", sql=SQL), "domains": {"example.org": domain}})


@pytest.mark.parametrize(
    ("source", "files"),
    [
        pytest.param({}, set(), id="the spec knows all"),
        pytest.param({"oauth2": {"introspection_url": "ref+env://URL"}}, set(), id="tokens"),
        pytest.param({"sql": SQL}, EXTERNAL, id="database"),
        pytest.param({"ldap": LDAP}, EXTERNAL, id="directory"),
    ],
)
def test_only_sources_of_accounts_are_asked(source: dict[str, Any], files: set[str]) -> None:
    assert rendered(options("dovecot", **source)).files("etc/postfix") & EXTERNAL == files


def test_the_store_is_asked_about_whom_the_spec_does_not_know() -> None:
    site = with_database()
    main = site.main()
    assert main["virtual_mailbox_maps"].split(", ") == [
        f"{TABLES}virtual_mailboxes",
        f"{TABLES}external_domains",
    ]
    assert site.table("external_domains") == {"@example.org": "OK"}
    assert site.table("known_recipients") == {
        "alice@example.org": "DUNNO",
        "postmaster@example.org": "DUNNO",
        "abuse@example.org": "DUNNO",
        "example.org": "reject_unverified_recipient",
    }
    assert main["unverified_recipient_reject_code"] == "550"


def test_nobody_is_unknown_to_a_catch_all() -> None:
    assert with_database(catch_all="alice").table("known_recipients")["example.org"] == "DUNNO"


@pytest.mark.parametrize("service", ["submissions", "submission"])
def test_users_are_refused_unknown_recipients_too(service: str) -> None:
    site = with_database()
    check = f"check_recipient_access {TABLES}known_recipients"
    submission = settings(site.daemon(service))
    for restrictions in (submission, site.main()):
        assert check in restrictions["smtpd_recipient_restrictions"].split(", ")


def test_users_of_a_database_may_send() -> None:
    assert with_database().main()["smtpd_sender_login_maps"].split(", ") == [
        f"{TABLES}sender_logins",
        "regexp:/etc/postfix/own_logins",
    ]


@pytest.mark.parametrize(
    ("sender", "owner"),
    [
        pytest.param("zoe@example.org", "zoe@example.org", id="themselves"),
        pytest.param("zoe+news@example.org", "zoe@example.org", id="with an extension"),
        pytest.param("zoe@example.com", None, id="in another domain"),
        pytest.param("zoe@exampleXorg", None, id="a dot is a dot"),
        pytest.param("zoe@sub.example.org", None, id="below the domain"),
        pytest.param("@example.org", None, id="nobody"),
    ],
)
def test_users_of_a_database_send_as_themselves(sender: str, owner: str | None) -> None:
    line = with_database().text("etc/postfix/own_logins").splitlines()[-1]
    pattern, _, result = line.rpartition(" ")
    match = re.search(pattern.strip("/"), sender)
    assert (match and match.expand(re.sub(r"\$(\d)", r"\\\1", result))) == owner


def test_a_source_of_one_store_is_for_its_domains_alone() -> None:
    site = rendered({"hosts": {"st2": {"dovecot": {"sql": SQL}}}}, FLEET)
    for host in ("mx1", "sub", "bak"):
        assert site.table("external_domains", host) == {"@example.net": "OK"}
        assert "example.org" not in site.table("known_recipients", host)


def test_a_backup_takes_mail_while_the_store_does_not_answer() -> None:
    site = rendered({"hosts": {"st2": {"dovecot": {"sql": SQL}}}}, FLEET)
    action = "unverified_recipient_tempfail_action"
    assert {host: site.main(host).get(action) for host in ("mx1", "bak")} == {
        "mx1": None,
        "bak": "permit",
    }
    assert site.main("bak")["relay_recipient_maps"].split(", ") == [
        f"{TABLES}relay_recipients",
        f"{TABLES}external_domains",
    ]


def test_who_only_stores_asks_nobody() -> None:
    site = rendered(options("dovecot", sql=SQL), FLEET)
    asking = [h for h in FLEET["hosts"] if site.files("etc/postfix", h) & EXTERNAL]
    assert asking == ["mx1", "sub", "bak"]


@pytest.mark.parametrize("target", ["debian-11", "debian-12", "debian-13", "debian-forky"])
def test_nothing_rendered_is_found_wrong(target: str) -> None:
    host = {**SITE["hosts"]["mail"], "target": target}
    asked = {**options("dovecot", sql=SQL), "hosts": {"mail": host}}
    assert rendered({**asked, "load": {"users": 10}}).codes("PFX", "TLS", "DVC") == []


def test_a_user_of_the_database_sends_as_the_alias_that_leads_to_him() -> None:
    owners = with_database(aliases={"sales": ["erin", "alice"]}).table("sender_logins")
    assert owners["sales@example.org"] == "erin@example.org, alice@example.org"
