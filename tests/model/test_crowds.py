"""Hosts that stand for many clients, and aliases that stand for one mailbox."""

import pytest

from mailconf.model.crowds import sole_mailbox, speaking_for_others
from mailconf.testing import spec_of
from tests.plugins.rendering import FLEET

SPEC = spec_of(hosts=FLEET["hosts"], domains=FLEET["domains"])
SENDERS = ["192.0.2.1", "2001:db8::1", "192.0.2.2", "192.0.2.3", "2001:db8::3", "192.0.2.4"]


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        pytest.param("mx1", ["192.0.2.6"], id="an MX gets what its backup kept"),
        pytest.param("st1", ["192.0.2.2"], id="a store is asked for logins"),
        pytest.param("out", [*SENDERS, "192.0.2.6", "192.0.2.7"], id="a relay carries all mail"),
        pytest.param("sub", [], id="users come themselves"),
        pytest.param("bak", [], id="servers come themselves"),
    ],
)
def test_hosts_that_bring_the_clients_of_others_are_known(host: str, addresses: list[str]) -> None:
    assert list(map(str, speaking_for_others(SPEC, SPEC.hosts[host]))) == addresses


@pytest.mark.parametrize(
    ("target", "mailbox"),
    [
        pytest.param("alice", "alice@example.org", id="a mailbox here"),
        pytest.param("someone@elsewhere.example", "", id="elsewhere"),
        pytest.param("bob@example.net", "", id="a domain that a provider hosts"),
    ],
)
def test_only_mailboxes_here_have_room_to_ask_for(target: str, mailbox: str) -> None:
    domains = {
        "example.org": {"mailboxes": {"alice": {}}, "aliases": {"sales": target}},
        "example.net": {"provider": "google-workspace"},
    }
    assert sole_mailbox(spec_of(domains=domains), "sales@example.org") == mailbox
