"""Ports that make sense."""

from typing import Any

import pytest

from mailconf.plugins.hosts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded

MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}
OTHER = {"hostname": "b.example.org", "addresses": ["192.0.2.26"]}


@pytest.mark.parametrize(
    ("protocols", "found"),
    [
        pytest.param({}, [], id="the usual ones"),
        pytest.param(
            {name: {"port": port} for name, port in (("pop3", 110), ("managesieve", 4190))},
            [],
            id="all of them",
        ),
        pytest.param({"smtp": {"port": 2525}}, ["PRT005"], id="smtp elsewhere"),
        pytest.param({"smtp": "off"}, ["PRT005"], id="no smtp"),
        pytest.param({"imap": {"port": 993}}, ["PRT012"], id="shared"),
        pytest.param({"pop3": {"port": 143}}, ["PRT007"], id="another's port"),
        pytest.param(
            {"submissions": "off", "submission": {"port": 465}},
            ["PRT007", "PRT008"],
            id="another TLS mode",
        ),
        pytest.param({"imaps": {"port": 1993}}, ["PRT002"], id="imaps on a port of nobody"),
        pytest.param({"imap": {"port": 1143}}, ["PRT002"], id="imap on a port of nobody"),
        pytest.param({"pop3s": {"port": 1995}}, ["PRT003"], id="pop3s on a port of nobody"),
        pytest.param({"submission": {"port": 2587}}, ["PRT004"], id="submission on one of nobody"),
        pytest.param(
            {"submissions": {"port": 1465}}, ["PRT004"], id="submissions on one of nobody"
        ),
        pytest.param({"managesieve": {"port": 2000}}, ["PRT013"], id="managesieve on its old port"),
        pytest.param({"submissions": "off"}, ["PRT008"], id="587 alone"),
        pytest.param({"submission": "off"}, [], id="465 alone"),
        pytest.param({"imaps": "off", "imap": {"port": 143}}, ["PRT009"], id="143 alone"),
        pytest.param({"imaps": "off", "submission": "off", "submissions": "off"}, [], id="neither"),
    ],
)
def test_rules(protocols: dict[str, Any], found: list[str]) -> None:
    seen = view(plugin, spec_of(protocols=protocols))
    assert codes(yielded(plugin.lint, seen)) == found


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        pytest.param(["mx"], ["PRT005"], id="mx"),
        pytest.param(["backup-mx"], ["PRT005"], id="backup MX"),
        pytest.param(["submission"], [], id="no MX"),
    ],
)
def test_a_port_matters_where_the_role_offers_it(roles: list[str], found: list[str]) -> None:
    hosts = {"mail": MAIL, "b": {**OTHER, "roles": roles, "protocols": {"smtp": "off"}}}
    seen = view(plugin, spec_of(hosts=hosts))
    assert codes(yielded(plugin.lint, seen)) == found


def test_an_mx_that_no_domain_names_may_listen_where_it_likes() -> None:
    hosts = {"mail": MAIL, "b": {**OTHER, "protocols": {"smtp": {"port": 2525}}}}
    seen = view(plugin, spec_of(hosts=hosts, domains={"a.example": {"mx": {"mail": 10}}}))
    assert yielded(plugin.lint, seen) == []


def test_what_is_written_once_for_all_hosts_is_said_once() -> None:
    spec = spec_of(hosts={"mail": MAIL, "b": OTHER}, protocols={"imaps": {"port": 1993}})
    (finding,) = yielded(plugin.lint, view(plugin, spec))
    assert finding.where == ("protocols", "imaps", "port")


def test_what_each_host_says_for_itself_is_said_for_each() -> None:
    own = {"protocols": {"imaps": {"port": 1993}}}
    hosts = {"mail": {**MAIL, **own}, "b": {**OTHER, **own}}
    findings = yielded(plugin.lint, view(plugin, spec_of(hosts=hosts)))
    assert [(finding.rule.code, finding.where) for finding in findings] == [
        ("PRT002", ("hosts", key, "protocols", "imaps", "port")) for key in ("mail", "b")
    ]


def test_without_hosted_domains_nobody_delivers() -> None:
    spec = spec_of(protocols={"smtp": "off"}, domains={"a.example": {"mail": "none"}})
    assert yielded(plugin.lint, view(plugin, spec)) == []
