"""Mailboxes and aliases that make sense."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.plugins.accounts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded
from tests.plugins.rendering import SITE, options, rendered

HASH = {"password": "ref+env://HASH"}
FINE: dict[str, Any] = {
    "mailboxes": {"alice": HASH},
    "aliases": {"postmaster": "alice", "abuse": "alice"},
}


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        pytest.param(FINE, [], id="fine"),
        pytest.param({**FINE, "mailboxes": {"alice": {}}}, ["ADR004"], id="no password"),
        pytest.param({"mailboxes": {"alice": HASH}}, ["PFX019", "PFX019"], id="no postmaster"),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": "nobody"}}, ["ADR001"], id="to nowhere"
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": ["a@elsewhere.example"]}},
            [],
            id="outwards",
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": "x+again"}},
            ["ADR002"],
            id="to itself with an extension",
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x+fixed": "x+other", "x": "alice"}},
            [],
            id="a fixed extension is a name of its own",
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": "alice+tag"}}, [], id="with an extension"
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "a": "b", "b": "a"}},
            ["ADR002", "ADR002"],
            id="loop",
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "alice": "postmaster"}},
            ["ADR002", "ADR002", "ADR003"],
            id="alias hides a mailbox",
        ),
        pytest.param({"mail": "none"}, [], id="parked"),
        pytest.param(
            {
                **FINE,
                "mailboxes": {"alice": {**HASH, "send_as": ["x@other.example"]}},
            },
            ["ADR006"],
            id="sends as a stranger",
        ),
        pytest.param({**FINE, "catch_all": "nobody"}, ["ADR001"], id="catch-all to nowhere"),
        pytest.param(
            {**FINE, "catch_all": "root@mail.example.org"}, ["ADR013"], id="catch-all to a host"
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "postmaster": "root@mail.example.org"}},
            ["ADR013"],
            id="to the owner of a host, which is itself",
        ),
        pytest.param(
            {**FINE, "aliases": {**FINE["aliases"], "x": ["alice", "x@localhost.localdomain"]}},
            ["ADR013"],
            id="to a local user",
        ),
        pytest.param(
            {"mail": "send-only", **FINE}, ["ADR005", "ADR009"], id="mailbox without mail"
        ),
    ],
)
def test_rules(domain: dict[str, Any], found: list[str]) -> None:
    spec = spec_of(domains={"example.org": domain})
    assert codes(yielded(plugin.lint, view(plugin, spec))) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("app@example.org", []),
        ("@example.org", []),
        ("cron@mail.example.org", []),
        ("app@elsewhere.example", ["ADR006"]),
        ("@elsewhere.example", ["ADR006"]),
        ("@elsewhere.example.org", ["ADR006"]),
        ("@cloud.example", ["ADR006"]),
        ("x@parked.example", ["ADR006"]),
        ("x@sending.example", []),
    ],
)
def test_programs_of_a_host_send_as_ours(address: str, found: list[str]) -> None:
    domains = {
        "example.org": FINE,
        "cloud.example": {"provider": {"name": "google-workspace"}},
        "parked.example": {"mail": "none"},
        "sending.example": {"mail": "send-only"},
    }
    hosts = {"mail": {**SITE["hosts"]["mail"], "send_as": [address]}}
    spec = spec_of(hosts=hosts, domains=domains)
    assert [c for c in codes(yielded(plugin.lint, view(plugin, spec))) if c == "ADR006"] == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([], ["ADR010"]),
        (["x@other.example"], ["ADR010"]),
        (["@example.org"], []),
        (["x@example.org"], []),
    ],
)
def test_a_domain_that_no_host_may_send_as_is_told(given: list[str], found: list[str]) -> None:
    host = {**SITE["hosts"]["mail"], "roles": ["send-only"], "send_as": given}
    domains = {"example.org": {"mail": "send-only"}, "other.example": {"mail": "none"}}
    spec = spec_of(hosts={"mail": host}, domains=domains)
    told = codes(yielded(plugin.lint, view(plugin, spec)))
    assert [code for code in told if code == "ADR010"] == found


SQL = {"driver": "pgsql", "dbname": "mail", "password_query": "a", "user_query": "b"}
GOOGLE = {"provider": {"name": "google-workspace"}}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({}, ["ADR001"], id="the spec knows all users"),
        pytest.param(
            {"domains": {"corp.example": {**FINE, "catch_all": "alice"}}}, [], id="a catch-all"
        ),
        pytest.param(
            {"domains": {"corp.example": {**FINE, "catch_all": "carl@example.org"}}},
            ["ADR001", "ADR001"],
            id="a catch-all that leads nowhere",
        ),
        pytest.param(options("dovecot", sql=SQL), [], id="users in a database"),
        pytest.param({"domains": {"corp.example": GOOGLE}}, [], id="mail lies at a provider"),
    ],
)
def test_an_alias_may_lead_to_whom_the_spec_does_not_know(
    changes: dict[str, Any], found: list[str]
) -> None:
    target = "erin@corp.example" if "domains" in changes else "erin"
    alias = {"domains": {"example.org": {"aliases": {"sales": target}}}}
    assert rendered(overlay(alias, changes)).codes("ADR") == found


@pytest.mark.parametrize(("caught", "found"), [("alice", ["ADR012"]), (None, [])])
def test_a_catch_all_beside_users_in_a_database_is_an_error(
    caught: str | None, found: list[str]
) -> None:
    domain = {"catch_all": caught} if caught else {}
    changes = overlay(options("dovecot", sql=SQL), {"domains": {"example.org": domain}})
    assert rendered(changes).codes("ADR012") == found
