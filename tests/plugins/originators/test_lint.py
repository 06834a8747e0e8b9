"""Services that believe every program on the host are guarded by the packet filter."""

from typing import Any

import pytest

from tests.plugins.rendering import FLEET, Site, options, rendered


def found(site: Site) -> dict[str, str]:
    return {
        str(finding.facts["key"]): str(finding.facts["ports"])
        for finding in site.build.findings
        if finding.rule.code == "PRT018"
    }


OFF: dict[str, Any] = {"plugins": {"firewall": "off"}}


def test_without_a_packet_filter_every_host_is_told() -> None:
    assert found(rendered(OFF)) == {"mail": "8552, 8890, 8891, 8893, 10027, 12340"}
    told = found(rendered(OFF, FLEET))
    assert told["st1"] == "24, 8890, 10027, 12340"
    assert "www" not in told


def test_with_one_nobody_is() -> None:
    assert found(rendered()) == found(rendered(base=FLEET)) == {}


@pytest.mark.parametrize(
    ("changes", "users"),
    [
        pytest.param(
            {}, {"8891": '"root", "postfix"', "10027": '"root", "postfix", "vmail"'}, id="opendkim"
        ),
        pytest.param(
            options("dkim", signer="rspamd"),
            {"11332": '"root", "postfix"', "11334": '"root", "postfix", "vmail"'},
            id="rspamd",
        ),
    ],
)
def test_the_mta_and_the_store_connect(changes: dict[str, Any], users: dict[str, str]) -> None:
    rules = [
        line.strip()
        for line in rendered(changes).text("etc/nftables.conf").splitlines()
        if line.strip().startswith("oif lo ")
    ]
    for port, names in users.items():
        (rule,) = [one for one in rules if f" {port}," in one or f" {port} }}" in one]
        assert f"meta skuid != {{ {names} }} reject" in rule
