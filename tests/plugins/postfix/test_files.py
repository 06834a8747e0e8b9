"""Postfix: tables, services and families."""

from typing import Any

import pytest

from mailconf.model.setting import Setting
from mailconf.plugins.postfix import plugin
from mailconf.plugins.postfix.files import inet_protocols
from mailconf.plugins.postfix.master import services
from mailconf.plugins.postfix.tables import aliases, mailboxes, sender_logins
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

DOMAINS: dict[str, Any] = {
    "example.org": {
        "mailboxes": {"alice": {}, "bob": {}},
        "aliases": {
            "postmaster": "alice",
            "team": ["alice", "bob"],
            "all": ["team", "Carol@Example.NET", "Away@Elsewhere.example"],
        },
    },
    "example.net": {"mailboxes": {"carol": {}}},
    "parked.example": {"mail": "none"},
}
SPEC = spec_of(domains=DOMAINS)


def test_mailboxes_of_hosted_domains_only() -> None:
    assert [row.key for row in mailboxes(SPEC)] == [
        "alice@example.org",
        "bob@example.org",
        "carol@example.net",
    ]


def test_an_alias_may_be_used_by_all_who_receive_its_mail() -> None:
    owners = {row.key: row.values for row in sender_logins(SPEC)}
    assert owners["team@example.org"] == ("alice@example.org", "bob@example.org")
    assert owners["all@example.org"] == (
        "alice@example.org",
        "bob@example.org",
        "carol@example.net",
    )
    assert owners["carol@example.net"] == ("carol@example.net",)


def test_a_foreign_address_keeps_its_case() -> None:
    rows = {row.key: row.values for row in aliases(SPEC, SPEC.hosts["mail"])}
    assert rows["all@example.org"] == (
        "team@example.org",
        "Carol@example.net",
        "Away@elsewhere.example",
    )


def test_an_alias_that_only_leaves_may_be_used_by_nobody() -> None:
    spec = spec_of(domains={"a.example": {"aliases": {"x": "y@elsewhere.example"}}})
    assert sender_logins(spec) == ()


def test_system_mail_goes_to_a_postmaster() -> None:
    rows = {row.key: row.values for row in aliases(SPEC, SPEC.hosts["mail"])}
    assert rows["root@mail.example.org"] == ("postmaster@example.org",)


@pytest.mark.parametrize(
    ("addresses", "families"),
    [
        (["192.0.2.1"], "ipv4"),
        (["2001:db8::1"], "ipv6"),
        (["192.0.2.1", "2001:db8::1"], "all"),
    ],
)
def test_only_declared_families_are_used(addresses: list[str], families: str) -> None:
    spec = spec_of(hosts={"mail": {"hostname": "mail.example.org", "addresses": addresses}})
    assert inet_protocols(spec.hosts["mail"]) == families


def test_usual_ports_have_names_and_others_numbers() -> None:
    spec = spec_of(protocols={"submission": {"port": 2587}, "submissions": "off"})
    found = services(spec.endpoints)
    assert found.mx == "smtp"
    assert [(s.service, s.name) for s in found.submissions] == [("2587", "submission")]


def test_without_smtp_port_25_is_closed() -> None:
    assert services(spec_of(protocols={"smtp": "off"}).endpoints).mx == ""


def test_milters_are_joined_in_order() -> None:
    asked = tuple(
        Setting("postfix", "mail", "smtpd_milters", f"inet:127.0.0.1:{port}", "x", rank)
        for rank, port in ((10, 8891), (20, 8893))
    )
    data = yielded(plugin.files, view(plugin, SPEC, settings=asked))[0].data
    assert data.milters["smtpd_milters"] == "inet:127.0.0.1:8891, inet:127.0.0.1:8893"
    assert data.milters["non_smtpd_milters"] == ""
