"""What a target's Dovecot cannot do, and what it must not run."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from tests.plugins.rendering import FLEET, on_target, options, rendered

SEARCH = options("dovecot", full_text_search=True)


def running(version: str) -> dict[str, Any]:
    return on_target({"postfix": "3.10.13", "dovecot": version})


def apart(offered: dict[str, Any]) -> dict[str, Any]:
    """Return the changes that put submission on a machine of its own; the store offers `offered`."""
    out = {"hostname": "out.example.org", "addresses": ["192.0.2.9"], "roles": ["submission"]}
    store = {"roles": ["mx", "mailstore", "web"], "protocols": {"imap": {"port": 143}, **offered}}
    return {"hosts": {"mail": store, "out": out}}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({}, [], id="nothing asked"),
        pytest.param(overlay(SEARCH, on_target("debian-13")), [], id="search on 2.4"),
        pytest.param(overlay(SEARCH, on_target("debian-12")), ["DVC011"], id="search on 2.3"),
        pytest.param(running("2.4.0"), ["DVC012"], id="the first 2.4"),
        pytest.param(running("2.4.3"), ["DVC012"], id="the last that is vulnerable"),
        pytest.param(running("2.4.4"), [], id="repaired"),
        pytest.param(running("2.3.21"), [], id="older than the fault"),
        pytest.param(running("2.4"), [], id="some 2.4"),
        pytest.param(on_target("debian-13"), [], id="repaired by the distribution"),
        pytest.param(apart({}), [], id="users are asked for at the store"),
        pytest.param(apart({"imaps": "off"}), ["DVC013"], id="a store that cannot be asked"),
        pytest.param(
            apart({"imaps": {"port": 993, "proxies": ["192.0.2.200"]}}),
            ["DVC013"],
            id="a store behind a load balancer",
        ),
    ],
)
def test_targets(changes: dict[str, Any], found: list[str]) -> None:
    assert rendered(changes).codes("DVC") == found


OPEN = {"plugins": {"firewall": "off"}}


@pytest.mark.parametrize(
    ("changes", "stores"),
    [
        pytest.param({}, [], id="the firewall guards them"),
        pytest.param(OPEN, ["st1", "st2"], id="no firewall"),
    ],
)
def test_inner_ports_are_for_our_own_hosts(changes: dict[str, Any], stores: list[str]) -> None:
    findings = [f for f in rendered(changes, FLEET).build.findings if f.rule.code == "PRT014"]
    assert [f.subject for f in findings] == stores
    assert all(f.where == ("plugins", "firewall") for f in findings)
    assert all("port 24 and 12340" in f.message and "192.0.2.1" in f.message for f in findings)


def test_one_machine_has_no_inner_ports() -> None:
    assert rendered(OPEN).codes("PRT014") == []


def test_a_finding_says_what_the_target_has_and_needs() -> None:
    (finding,) = [f for f in rendered(SEARCH).build.findings if f.rule.code == "DVC011"]
    assert finding.message == "full_text_search needs Dovecot 2.4, but debian-12 has 2.3.19"
    assert finding.where == ("hosts", "mail", "dovecot", "full_text_search")


def test_only_hosts_that_run_dovecot_are_judged() -> None:
    old = {"postfix": "3.10.13", "dovecot": "2.4.1"}
    hosts = {key: {**host, "target": old} for key, host in FLEET["hosts"].items()}
    findings = rendered({"hosts": hosts}, FLEET).build.findings
    assert [f.subject for f in findings if f.rule.code == "DVC012"] == ["sub", "st1", "st2"]


def second(*roles: str) -> dict[str, Any]:
    """Return the changes that add another host."""
    more = {"hostname": "m2.example.org", "addresses": ["192.0.2.9"], "roles": list(roles)}
    return {"hosts": {"m2": more}}


def test_where_nobody_can_log_in_it_is_told() -> None:
    """A host with mailboxes lets in those alone, and here it has none."""
    assert rendered(second("mx", "submission", "mailstore")).codes("DVC016") == ["DVC016"]
    assert rendered(second("mx", "submission")).codes("DVC016") == []
    assert rendered(second("mx", "mailstore")).codes("DVC016") == []
