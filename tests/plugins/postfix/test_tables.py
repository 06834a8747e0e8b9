"""Lookup tables: who receives what, who may send as whom."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from tests.plugins.rendering import FLEET, SITE, Site, options, rendered

DOMAINS: dict[str, Any] = {
    "example.org": {
        "mailboxes": {"alice": {}, "bob": {}},
        "aliases": {
            "postmaster": "alice",
            "team": ["alice", "bob"],
            "all": ["team", "Carol@Example.NET", "Away@Elsewhere.example"],
            "outside": "away@elsewhere.example",
        },
    },
    "example.net": {"mailboxes": {"carol": {}}},
    "news.example": {"mail": "send-only"},
    "parked.example": {"mail": "none"},
    "school.example": {"provider": "google-workspace"},
}


def with_domains(domains: dict[str, Any], **changes: Any) -> Site:
    """Return the site of these domains, with more to say about example.org."""
    base = {"version": 1, "hosts": SITE["hosts"], "domains": domains}
    return rendered({"domains": {"example.org": changes}} if changes else {}, base)


def with_delegate(*send_as: str) -> Site:
    """Return the site with a mailbox that may send as others."""
    return with_domains(DOMAINS, mailboxes={"boss": {"send_as": list(send_as)}})


def test_mailboxes_of_hosted_domains_only() -> None:
    found = with_domains(DOMAINS)
    assert set(found.table("virtual_mailbox_domains")) == {"example.org", "example.net"}
    assert set(found.table("virtual_mailboxes")) == {
        "alice@example.org",
        "bob@example.org",
        "carol@example.net",
    }


def test_a_foreign_address_keeps_its_case_and_ours_has_none() -> None:
    rows = with_domains(DOMAINS).table("virtual_aliases")
    assert rows["all@example.org"] == (
        "team@example.org, carol@example.net, Away@elsewhere.example"
    )


def test_an_alias_may_be_used_by_all_who_receive_its_mail() -> None:
    owners = with_domains(DOMAINS).table("sender_logins")
    assert owners["team@example.org"] == "alice@example.org, bob@example.org"
    assert owners["all@example.org"] == "alice@example.org, bob@example.org, carol@example.net"
    assert owners["carol@example.net"] == "carol@example.net"


@pytest.mark.parametrize(
    ("send_as", "address", "owners"),
    [
        pytest.param(
            ["alice+tag"], "alice+tag@example.org", {"alice", "boss"}, id="with an extension"
        ),
        pytest.param(["Alice"], "alice@example.org", {"alice", "boss"}, id="in any case"),
        pytest.param(
            ["new", "new+tag"], "new+tag@example.org", {"boss"}, id="whom nobody else has"
        ),
        pytest.param(
            ["@example.org", "new"], "alice@example.org", {"alice", "boss"}, id="all of a domain"
        ),
    ],
)
def test_a_row_names_all_who_may_use_the_address(
    send_as: list[str], address: str, owners: set[str]
) -> None:
    found = with_delegate(*send_as).table("sender_logins")
    assert set(found[address].split(", ")) == {f"{owner}@example.org" for owner in owners}


def test_a_right_to_a_whole_domain_holds_for_rows_that_others_add() -> None:
    boxes = {"boss": {"send_as": ["@example.org"]}, "bob": {"send_as": ["new"]}}
    found = with_domains(DOMAINS, mailboxes=boxes).table("sender_logins")
    assert set(found["new@example.org"].split(", ")) == {"boss@example.org", "bob@example.org"}


def test_who_has_the_catch_all_keeps_what_others_may_use() -> None:
    boxes = {"bob": {"send_as": ["new"]}}
    found = with_domains(DOMAINS, mailboxes=boxes, catch_all="alice").table("sender_logins")
    assert set(found["new@example.org"].split(", ")) == {"alice@example.org", "bob@example.org"}


def test_an_alias_that_only_leaves_may_be_used_by_nobody() -> None:
    assert "outside@example.org" not in with_domains(DOMAINS).table("sender_logins")


def test_aliases_in_a_circle_end() -> None:
    circle = {"example.org": {"mailboxes": {"alice": {}}, "aliases": {"a": "b", "b": "a"}}}
    assert set(with_domains(circle).table("sender_logins")) == {"alice@example.org"}


@pytest.mark.parametrize(
    ("send_as", "row"),
    [
        pytest.param("news", "news@example.org", id="here"),
        pytest.param("News@News.Example", "news@news.example", id="in another domain"),
        pytest.param("@news.example", "@news.example", id="in a whole domain"),
    ],
)
def test_a_mailbox_sends_as_whom_the_spec_lets_it(send_as: str, row: str) -> None:
    owners = with_delegate(send_as).table("sender_logins")
    assert owners[row] == "boss@example.org"
    assert owners["boss@example.org"] == "boss@example.org"


def test_a_delegate_joins_the_owner() -> None:
    owners = with_delegate("alice", "carol@example.net").table("sender_logins")
    assert owners["alice@example.org"] == "alice@example.org, boss@example.org"
    assert owners["carol@example.net"] == "carol@example.net, boss@example.org"
    assert owners["bob@example.org"] == "bob@example.org"


def test_without_a_catch_all_nobody_else_is_known() -> None:
    found = with_domains(DOMAINS)
    for name in ("virtual_aliases", "sender_logins"):
        whole = {key[1:] for key in found.table(name) if key.startswith("@")}
        assert whole & set(DOMAINS) == set()
    assert "alice@example.org" not in found.table("virtual_aliases")


def test_a_catch_all_leaves_mailboxes_and_aliases_what_is_theirs() -> None:
    caught = with_domains(DOMAINS, catch_all=["bob", "Away@Elsewhere.example"])
    rows = caught.table("virtual_aliases")
    assert rows["@example.org"] == "bob@example.org, Away@elsewhere.example"
    assert rows["alice@example.org"] == "alice@example.org"
    assert rows["bob@example.org"] == "bob@example.org"
    assert rows["team@example.org"] == "alice@example.org, bob@example.org"
    assert "@example.net" not in rows


def test_who_catches_all_may_use_what_nobody_has() -> None:
    caught = with_domains(DOMAINS, catch_all=["team", "away@elsewhere.example"])
    owners = caught.table("sender_logins")
    assert owners["@example.org"] == "alice@example.org, bob@example.org"
    assert owners["alice@example.org"] == "alice@example.org"


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "out", "bak", "app"])
def test_mail_of_every_local_user_goes_to_the_postmaster_of_the_domain_above(host: str) -> None:
    site = rendered(base=FLEET)
    rows = site.table("virtual_aliases", host)
    names = (f"{host}.example.org", host, "localhost", "localhost.localdomain")
    assert {rows[f"@{name}"] for name in names} == {"postmaster@example.org"}
    assert set(names) <= set(site.main(host)["virtual_alias_domains"].split(", "))


def test_a_relay_takes_bounces_to_hosts_that_take_none_themselves() -> None:
    site = rendered(base=FLEET)
    rows = site.table("virtual_aliases", "out")
    assert {f"@{key}.example.org" for key in ("app", "st1", "sub", "mx1", "bak")} <= set(rows)
    assert "@app.example.org" not in site.table("virtual_aliases", "mx1")


TWO: dict[str, Any] = {
    "acme.example": {"aliases": {"postmaster": "boss@elsewhere.example"}},
    "provider.example": {"mailboxes": {"postmaster": {}, "admin": {}}},
    "mail.provider.example": {"mail": "send-only"},
}


@pytest.mark.parametrize(
    ("hostname", "changes", "domains", "owner"),
    [
        pytest.param("mx.provider.example", {}, TWO, "postmaster@provider.example", id="above"),
        pytest.param("mx.mail.provider.example", {}, TWO, "postmaster@provider.example", id="far"),
        pytest.param("notprovider.example", {}, TWO, None, id="none above, several hosted"),
        pytest.param(
            "mx.other.example", {"system_mail": "Admin@Provider.example"}, TWO,
            "admin@provider.example", id="as the site says",
        ),
        pytest.param(
            "mx.provider.example", {"system_mail": "Ops@elsewhere.example"}, TWO,
            "Ops@elsewhere.example", id="the option comes first",
        ),
        pytest.param(
            "mx.other.example", {}, {"acme.example": TWO["acme.example"]},
            "postmaster@acme.example", id="the only one",
        ),
        pytest.param(
            "mx.school.example", {},
            {"acme.example": TWO["acme.example"], "school.example": {"provider": "microsoft-365"}},
            "postmaster@school.example", id="mail lives with a provider",
        ),
        pytest.param(
            "mx.a.example", {}, {"a.example": {"mailboxes": {"x": {}}}}, None, id="no postmaster"
        ),
    ],
)  # fmt: skip
def test_who_looks_after_a_machine(
    hostname: str, changes: dict[str, Any], domains: dict[str, Any], owner: str | None
) -> None:
    host = {**SITE["hosts"]["mail"], "hostname": hostname}
    base = {"version": 1, "hosts": {"mail": host}, "domains": domains, **changes}
    site = rendered({}, base)
    assert site.table("virtual_aliases").get(f"@{hostname}") == owner
    assert site.table("virtual_aliases").get("@localhost") == owner
    postmaster = f"postmaster_address = {owner or f'postmaster@{hostname}'}"
    assert postmaster in site.text("etc/dovecot/dovecot.conf")


def test_a_host_has_an_owner_of_its_own() -> None:
    hosts = {
        "mail": SITE["hosts"]["mail"],
        "app": {
            "hostname": "app.example.org", "addresses": ["192.0.2.9"], "roles": ["send-only"],
            "system_mail": "dev@elsewhere.example",
        },
    }  # fmt: skip
    site = rendered({}, {"version": 1, "hosts": hosts, "domains": DOMAINS})
    assert site.table("virtual_aliases", "app")["@app.example.org"] == "dev@elsewhere.example"
    rows = site.table("virtual_aliases", "mail")
    assert rows["@app.example.org"] == "dev@elsewhere.example"
    assert rows["@mail.example.org"] == "postmaster@example.org"


def test_strangers_may_write_to_postmaster_and_abuse_of_a_machine_only() -> None:
    site = with_domains(DOMAINS)
    relaying = site.main()["smtpd_relay_restrictions"].split(", ")
    asked = "check_recipient_access regexp:/etc/postfix/own_names"
    assert relaying == ["permit_mynetworks", asked, "reject_unauth_destination"]
    lines = site.text("etc/postfix/own_names").splitlines()
    rules = [line.rpartition("/") for line in lines if line.startswith("/")]
    refused = [pattern for pattern, _, verdict in rules if verdict.startswith(" 550 ")]
    assert any("mail[.]example[.]org" in pattern for pattern in refused)
    assert refused[-1] == "/@\\["


@pytest.mark.parametrize("host", ["st1", "out", "bak", "app"])
def test_addresses_of_users_are_nobody_elses_business(host: str) -> None:
    site = rendered(base=FLEET)
    others = {"virtual_mailboxes", "virtual_mailbox_domains", "sender_logins"}
    assert site.files("etc/postfix", host) & others == set()
    assert [key for key in site.table("virtual_aliases", host) if key.startswith("alice")] == []


ELSEWHERE = options(
    "dovecot",
    sql={
        "driver": "sqlite",
        "dbname": "/etc/dovecot/users.sqlite",
        "password_query": "SELECT password FROM users WHERE address = '%{user}'",
        "user_query": "SELECT address FROM users WHERE address = '%{user}'",
    },
)


def test_with_accounts_elsewhere_the_store_is_asked_who_exists() -> None:
    site = rendered(ELSEWHERE)
    assert site.table("known_recipients") == {
        "alice@example.org": "DUNNO",
        "postmaster@example.org": "DUNNO",
        "abuse@example.org": "DUNNO",
        "example.org": "reject_unverified_recipient",
    }
    assert site.table("external_domains") == {"@example.org": "OK"}
    assert "known_recipients" in site.main()["smtpd_recipient_restrictions"]
    assert site.main()["unverified_recipient_reject_code"] == "550"


def test_with_accounts_elsewhere_users_send_as_themselves() -> None:
    text = rendered(ELSEWHERE).text("etc/postfix/own_logins")
    assert "/^([^@+]+)([+][^@]*)?@(example[.]org)$/ $1@$3\n" in text


def test_a_catch_all_needs_no_asking() -> None:
    site = rendered(overlay(ELSEWHERE, {"domains": {"example.org": {"catch_all": "alice"}}}))
    assert site.table("known_recipients")["example.org"] == "DUNNO"


def test_the_store_is_asked_for_room_of_our_own_recipients_alone() -> None:
    site = rendered()
    assert site.table("quota_asked") == {
        "example.org": "ask_quota",
    }
    assert site.main()["ask_quota"] == (
        "check_policy_service { inet:127.0.0.1:12340,"
        " default_action=DUNNO, try_limit=1, timeout=5s }"
    )


def test_accounts_of_the_spec_are_all_there_are_without_a_database() -> None:
    site = rendered()
    assert "known_recipients" not in site.files("etc/postfix")
    assert "external_domains" not in site.main()["virtual_mailbox_maps"]


def test_a_whole_domain_is_delegated_with_the_addresses_that_have_owners() -> None:
    mailboxes = {"alice": {"send_as": ["@example.net"]}}
    changes = {
        "domains": {
            "example.org": {"mailboxes": mailboxes},
            "example.net": {"mailboxes": {"carol": {}}, "aliases": {"info": "carol"}},
        }
    }
    owners = rendered(changes).table("sender_logins")
    assert owners["@example.net"] == "alice@example.org"
    assert owners["carol@example.net"] == "carol@example.net, alice@example.org"
    assert owners["info@example.net"] == "carol@example.net, alice@example.org"


def test_an_alias_to_an_extension_belongs_to_the_mailbox() -> None:
    changes = {"domains": {"example.org": {"aliases": {"shop": "alice+shop"}}}}
    assert rendered(changes).table("sender_logins")["shop@example.org"] == "alice@example.org"


def test_the_operator_s_own_policy_for_a_relay_wins() -> None:
    changes = options("postfix", tls_policy={"[out.example.org]:25": "encrypt"})
    assert rendered(changes, FLEET).table("tls_policy", "mx1") == {
        "[out.example.org]:25": "encrypt"
    }


def test_a_backup_mx_takes_bounces_of_forwarded_mail() -> None:
    srs = options("postsrsd", domain="example.org", secret="ref+env://SRS")
    site = rendered(srs, FLEET)
    assert "regexp:/etc/postfix/srs_recipients" in site.main("bak")["relay_recipient_maps"]
    assert "/^SRS[01][=+-].*@example[.]org$/ OK" in site.text("etc/postfix/srs_recipients", "bak")


def test_a_dollar_in_a_sender_is_no_group_of_the_pattern() -> None:
    site = rendered({"hosts": {"mail": {"send_as": ["$1@example.org", "a${b}@example.org"]}}})
    table = site.text("etc/postfix/local_login_senders")
    assert table.rstrip().endswith(" $$1@example.org a$${b}@example.org")
