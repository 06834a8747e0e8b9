"""Services that believe every program on the host are guarded by the packet filter."""

import re
from typing import Any

import pytest

from mailconf.model.artifact import Package, User
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


LEARNS: dict[str, Any] = {"plugins": {"dkim": {"signer": "rspamd"}, "rspamd": {"learn": True}}}


@pytest.mark.parametrize("changes", [{}, LEARNS], ids=["opendkim", "rspamd that learns"])
def test_rules_name_users_that_the_host_has(changes: dict[str, Any]) -> None:
    """nft takes no rule with a user that does not exist, and then none of the others."""
    site = rendered(changes, FLEET)
    for host in ("mx1", "sub", "st1", "out", "bak", "app"):
        made = [one for one in site.build.artifacts if one.order.host == host]
        users = {need.name for one in made for need in one.order.needs if isinstance(need, User)}
        packages = {
            need.name for one in made for need in one.order.needs if isinstance(need, Package)
        }
        named = set(re.findall(r'"([^"]+)"', site.text("etc/nftables.conf", host)))
        assert named <= {"root"} | users | packages, host
