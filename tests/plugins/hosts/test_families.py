"""Hosts that hand mail to each other can reach each other."""

from typing import Any

import pytest

from mailconf.plugins.hosts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

FOUR, SIX = ["192.0.2.{}"], ["2001:db8::{}"]
BOTH = FOUR + SIX


def site(**hosts: tuple[str, list[str]]) -> list[str]:
    """Return which hosts of a site, each with its roles and families, cannot reach which."""
    bodies: dict[str, Any] = {
        key: {
            "hostname": f"{key}.example.org",
            "addresses": [text.format(number) for text in families],
            "roles": roles.split(),
        }
        for number, (key, (roles, families)) in enumerate(hosts.items(), 1)
    }
    seen = view(plugin, spec_of(hosts=bodies))
    found = [f for f in yielded(plugin.lint, seen) if f.rule.code == "HST034"]
    return [f"{f.facts['key']} {f.facts['other']}" for f in found]


@pytest.mark.parametrize("families", [FOUR, SIX, BOTH], ids=["IPv4", "IPv6", "both"])
def test_hosts_of_one_family_meet(families: list[str]) -> None:
    edge, store = ("mx submission", families), ("mailstore", families)
    assert site(edge=edge, store=store, out=("relay", families), bak=("backup-mx", BOTH)) == []


def test_an_edge_reaches_every_store() -> None:
    edge, here, there = ("mx submission", FOUR), ("mailstore", BOTH), ("mailstore", SIX)
    assert site(edge=edge, here=here, there=there) == ["edge there", "there edge"]


def test_one_of_several_relays_is_enough() -> None:
    app, mail = ("send-only", SIX), ("mx submission mailstore", BOTH)
    assert site(mail=mail, app=app, one=("relay", FOUR), two=("relay", BOTH)) == []
    assert site(mail=mail, app=app, one=("relay", FOUR)) == ["app one"]


def test_a_backup_reaches_an_mx() -> None:
    mx, store = ("mx submission", SIX), ("mailstore", BOTH)
    assert site(mx=mx, store=store, bak=("backup-mx", FOUR)) == ["bak mx"]


def test_a_host_that_only_sends_reaches_an_mx() -> None:
    """Its machine mail goes there; elsewhere it may have a way that the spec does not know."""
    mail, app = ("mx submission mailstore web", FOUR), ("send-only", SIX)
    assert site(mail=mail, app=app) == ["app mail"]
    assert site(mail=mail, app=app, other=("mx", BOTH)) == []
