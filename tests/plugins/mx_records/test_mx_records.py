"""MX records and null MX."""

from typing import Any

import pytest

from mailconf.plugins.mx_records import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded

HOSTS = {
    "mail": {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]},
    "mx2": {"hostname": "mx2.example.org", "addresses": ["192.0.2.26"], "roles": ["mx"]},
    "spare": {"hostname": "bak.example.org", "addresses": ["192.0.2.27"], "roles": ["backup-mx"]},
    "out": {"hostname": "out.example.org", "addresses": ["192.0.2.28"], "roles": ["relay"]},
}


@pytest.mark.parametrize(
    ("domain", "values"),
    [
        pytest.param({}, ["10 mail.example.org."], id="hosted"),
        pytest.param({"mx": {"mail": 5}}, ["5 mail.example.org."], id="preference"),
        pytest.param({"mail": "none"}, ["0 ."], id="null MX"),
        pytest.param({"mail": "send-only"}, [], id="a sender must not have null MX"),
        pytest.param(
            {"mail": "send-only", "mx": {"mail": 10}}, ["10 mail.example.org."], id="a sender's MX"
        ),
        pytest.param(
            {"provider": "google-workspace"}, ["1 smtp.google.com."], id="google-workspace"
        ),
        pytest.param(
            {"provider": "microsoft-365"},
            ["0 a-example.mail.protection.outlook.com."],
            id="microsoft-365",
        ),
    ],
)
def test_records(domain: dict[str, Any], values: list[str]) -> None:
    seen = view(plugin, spec_of(domains={"a.example": domain}))
    records = yielded(plugin.records, seen)
    assert [record.value for record in records] == values
    assert {(record.name, record.type) for record in records} <= {("a.example.", "MX")}


def test_a_backup_comes_after_those_that_it_stands_in_for() -> None:
    seen = view(plugin, spec_of(hosts=HOSTS, domains={"a.example": {}}))
    assert [record.value for record in yielded(plugin.records, seen)] == [
        "10 mail.example.org.",
        "10 mx2.example.org.",
        "20 bak.example.org.",
    ]


def test_only_the_hosts_that_a_domain_names_are_its_mx() -> None:
    domain = {"mx": {"spare": 30, "mx2": 20}}
    seen = view(plugin, spec_of(hosts=HOSTS, domains={"a.example": domain}))
    assert [record.value for record in yielded(plugin.records, seen)] == [
        "20 mx2.example.org.",
        "30 bak.example.org.",
    ]


@pytest.mark.parametrize(("key", "found"), [("mail", []), ("mial", ["MX020"])])
def test_the_host_is_there(key: str, found: list[str]) -> None:
    seen = view(plugin, spec_of(domains={"a.example": {"mx": {key: 10}}}))
    assert codes(yielded(plugin.lint, seen)) == found


@pytest.mark.parametrize(
    ("second", "is_told"),
    [
        (["192.0.2.26"], True),
        (["192.0.2.26", "2001:db8:2::26"], True),
        (["198.51.100.26"], False),
        (["2001:db8:2::26"], False),
    ],
)
def test_hosts_in_one_network_are_told(second: list[str], is_told: bool) -> None:
    hosts = {**HOSTS, "mx2": {**HOSTS["mx2"], "addresses": second}}
    seen = view(plugin, spec_of(hosts=hosts, domains={"a.example": {"mx": {"mail": 5, "mx2": 5}}}))
    assert ("MX006" in codes(yielded(plugin.lint, seen))) is is_told
