"""What Dovecot asks of Postfix and of the firewall."""

import pytest

from mailconf.plugins.dovecot import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import FLEET

FLEET_SPEC = spec_of(hosts=FLEET["hosts"], domains=FLEET["domains"])
EDGES = "192.0.2.1 2001:db8::1 192.0.2.2"
BACKUP = "192.0.2.6"


def asked(host: str, to: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for setting in yielded(plugin.settings, view(plugin, FLEET_SPEC)):
        if (setting.host, setting.to) == (host, to):
            found.setdefault(setting.key, []).append(setting.value)
    return found


def test_a_store_beside_postfix_is_reached_by_its_socket() -> None:
    settings = yielded(plugin.settings, view(plugin, spec_of()))
    assert {(s.to, s.key, s.value) for s in settings} == {
        ("postfix", "transport example.org", "lmtp:unix:private/dovecot-lmtp"),
        ("postfix", "mx_policy", "inet:127.0.0.1:12340"),
        ("postfix", "submission_policy", "inet:127.0.0.1:12340"),
    }


@pytest.mark.parametrize("edge", ["mx1", "sub"])
def test_an_edge_is_told_the_store_of_each_domain(edge: str) -> None:
    wishes = asked(edge, "postfix")
    assert wishes["transport example.org"] == ["store:inet:[st1.example.org]:24"]
    assert wishes["transport example.net"] == ["store:inet:[st2.example.org]:24"]
    assert {line.split()[0] for line in wishes["master_cf"]} == {"store"}


@pytest.mark.parametrize("store", ["st1", "st2"])
def test_mail_is_taken_from_the_edges_alone(store: str) -> None:
    assert asked(store, "firewall")["24"] == [EDGES]


@pytest.mark.parametrize("store", ["st1", "st2"])
def test_who_only_asks_about_mailboxes_reaches_that_port_alone(store: str) -> None:
    assert asked(store, "firewall") == {"24": [EDGES], "12340": [f"{EDGES} {BACKUP}"]}


@pytest.mark.parametrize("host", ["mx1", "sub", "out", "bak", "app", "www"])
def test_only_stores_have_inner_ports(host: str) -> None:
    assert asked(host, "firewall") == {}


@pytest.mark.parametrize("host", ["st1", "out", "app", "www"])
def test_who_delivers_to_no_store_is_told_nothing(host: str) -> None:
    assert asked(host, "postfix") == {}


def test_a_backup_asks_the_stores_and_takes_mail_while_they_are_down() -> None:
    assert asked("bak", "postfix") == {
        "mx_policy": [
            f"{{ inet:{store}.example.org:12340, default_action=DUNNO, timeout=5s }}"
            for store in ("st1", "st2")
        ]
    }


def test_a_store_for_itself_opens_no_inner_port() -> None:
    settings = yielded(plugin.settings, view(plugin, spec_of()))
    assert [setting for setting in settings if setting.to == "firewall"] == []
