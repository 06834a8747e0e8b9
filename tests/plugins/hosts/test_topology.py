"""Roles that together make a site."""

from typing import Any

import pytest

from mailconf.plugins.hosts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded


def host(number: int, *roles: str) -> dict[str, object]:
    return {
        "hostname": f"h{number}.example.org",
        "addresses": [f"192.0.2.{number}"],
        "roles": list(roles),
    }


def found(hosts: dict[str, Any], domain: dict[str, Any] | None = None) -> list[str]:
    spec = spec_of(hosts=hosts, domains={"example.org": domain or {}})
    return codes(yielded(plugin.lint, view(plugin, spec)))


WHOLE = host(1, "mx", "submission", "mailstore", "web")


@pytest.mark.parametrize(
    ("hosts", "missing"),
    [
        pytest.param({"a": WHOLE}, [], id="all in one"),
        pytest.param(
            {
                "a": host(1, "mx"),
                "b": host(2, "submission"),
                "c": host(3, "mailstore"),
                "d": host(4, "web"),
            },
            [],
            id="one a machine",
        ),
        pytest.param(
            {"a": host(1, "backup-mx"), "b": host(2, "submission", "mailstore", "web")},
            [],
            id="only a backup accepts",
        ),
        pytest.param({"a": host(1, "mx", "submission", "web")}, ["HST021"], id="no mailstore"),
        pytest.param({"a": host(1, "submission", "mailstore", "web")}, ["HST024"], id="no mx"),
        pytest.param({"a": host(1, "mx", "mailstore", "web")}, ["HST026"], id="no submission"),
        pytest.param({"a": host(1, "mx", "submission", "mailstore")}, ["HST028"], id="no web"),
        pytest.param(
            {"a": host(1, "relay")}, ["HST021", "HST024", "HST026", "HST028"], id="none at all"
        ),
    ],
)
def test_a_hosted_domain_needs_every_role(hosts: dict[str, Any], missing: list[str]) -> None:
    assert found(hosts) == missing


@pytest.mark.parametrize(
    "domain",
    [
        pytest.param({"mail": "send-only"}, id="send-only"),
        pytest.param({"mail": "none"}, id="parked"),
        pytest.param({"provider": "google-workspace"}, id="with a provider"),
    ],
)
def test_other_domains_need_none(domain: dict[str, Any]) -> None:
    assert found({"a": host(1, "relay")}, domain) == []


TWO = {
    "a": WHOLE,
    "b": host(2, "mailstore"),
    "out": host(3, "relay"),
    "spare": host(4, "backup-mx"),
}


@pytest.mark.parametrize(
    ("domain", "codes"),
    [
        pytest.param({"store": "a"}, [], id="a store"),
        pytest.param({"store": "b"}, [], id="the other store"),
        pytest.param({"store": "none"}, ["HST022"], id="a store that is not there"),
        pytest.param({"store": "out"}, ["HST022"], id="a store without the role"),
        pytest.param({"mx": {"a": 10, "spare": 20}}, [], id="mx and backup"),
        pytest.param({"mx": {"a": 10, "out": 20}}, ["HST023"], id="mx without the role"),
        pytest.param({"mx": {"out": 10, "b": 20}}, ["HST023", "HST023"], id="no role at all"),
        pytest.param({"client_host": "imap.example.net"}, [], id="one name, one machine"),
        pytest.param(
            {"client_host": "imap.example.net", "store": "b"},
            ["HST027"],
            id="one name, a store and a submission host",
        ),
    ],
)
def test_what_a_domain_names_has_the_role(domain: dict[str, Any], codes: list[str]) -> None:
    assert found(TWO, domain) == codes


def test_one_name_cannot_stand_for_two_submission_hosts() -> None:
    hosts = {"a": WHOLE, "b": host(2, "submission")}
    assert found(hosts, {"client_host": "imap.example.net"}) == ["HST027"]
    assert found(hosts) == []


@pytest.mark.parametrize(
    ("roles", "codes"),
    [
        pytest.param(["relay"], [], id="one role"),
        pytest.param(["relay", "web"], [], id="two that fit"),
        pytest.param(["backup-mx", "relay"], [], id="backup and relay"),
        pytest.param(["send-only", "web"], [], id="send-only and web"),
        pytest.param(["mx", "backup-mx"], ["HST025"], id="backup of itself"),
        pytest.param(["backup-mx", "submission"], ["HST025"], id="backup and submission"),
        pytest.param(["backup-mx", "mailstore"], ["HST025"], id="backup and mailstore"),
        pytest.param(["send-only", "mx"], ["HST025"], id="send-only and mx"),
        pytest.param(["send-only", "submission"], ["HST025"], id="send-only and submission"),
        pytest.param(["send-only", "mailstore"], ["HST025"], id="send-only and mailstore"),
        pytest.param(["send-only", "relay"], ["HST025"], id="send-only and relay"),
        pytest.param(["send-only", "backup-mx"], ["HST025"], id="send-only and backup"),
        pytest.param(["mx", "mailstore", "backup-mx"], ["HST025", "HST025"], id="two pairs"),
    ],
)
def test_roles_that_one_machine_cannot_have(roles: list[str], codes: list[str]) -> None:
    assert found({"a": host(1, *roles)}, {"mail": "none"}) == codes


@pytest.mark.parametrize(
    ("edge", "proxied", "codes"),
    [
        pytest.param(["mx", "relay"], True, ["HST029"], id="relay behind a load balancer"),
        pytest.param(["mx", "relay"], False, [], id="relay"),
        pytest.param(["mx"], True, [], id="each host sends for itself"),
    ],
)
def test_our_hosts_reach_their_relay(edge: list[str], proxied: bool, codes: list[str]) -> None:
    smtp = {"protocols": {"smtp": {"port": 25, "proxies": ["192.0.2.100"]}}} if proxied else {}
    users = host(2, "submission", "mailstore", "web")
    assert found({"edge": host(1, *edge) | smtp, "users": users}) == codes
