"""SRV records: what is offered, and what decidedly is not."""

from typing import Any

import pytest

from mailconf.model.spec import Spec
from mailconf.plugins.srv import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

NOT_OFFERED = "0 0 0 ."


def host(key: str, number: int, *roles: str) -> dict[str, object]:
    addresses = [f"192.0.2.{number}"]
    return {"hostname": f"{key}.example.org", "addresses": addresses, "roles": list(roles)}


def announced(spec: Spec) -> dict[str, list[str]]:
    """Return the values of all records by their first label."""
    found: dict[str, list[str]] = {}
    for record in yielded(plugin.records, view(plugin, spec)):
        found.setdefault(record.name.partition(".")[0], []).append(record.value)
    return found


def test_every_client_protocol_has_a_record() -> None:
    assert announced(spec_of(protocols={"imap": {"port": 1143}, "submission": "off"})) == {
        "_submissions": ["0 1 465 mail.example.org."],
        "_submission": [NOT_OFFERED],
        "_imaps": ["0 1 993 mail.example.org."],
        "_imap": ["10 1 1143 mail.example.org."],
        "_pop3s": [NOT_OFFERED],
        "_pop3": [NOT_OFFERED],
        "_sieve": [NOT_OFFERED],
    }


def test_managesieve_is_announced_as_sieve() -> None:
    spec = spec_of(protocols={"managesieve": {"port": 4190}})
    records = yielded(plugin.records, view(plugin, spec))
    sieve = [(r.name, r.value) for r in records if "sieve" in r.name]
    assert sieve == [("_sieve._tcp.example.org.", "10 1 4190 mail.example.org.")]


def test_a_domain_announces_its_own_store_and_the_hosts_that_let_it_send() -> None:
    hosts = {
        "one": host("one", 1, "mx", "submission", "mailstore"),
        "two": host("two", 2, "submission", "mailstore"),
        "out": host("out", 3, "submission"),
    }
    found = announced(spec_of(hosts=hosts, domains={"example.org": {"store": "two"}}))
    assert found["_imaps"] == ["0 1 993 two.example.org."]
    assert found["_submissions"] == ["0 1 465 two.example.org.", "0 1 465 out.example.org."]


def test_a_domain_may_announce_a_name_of_its_own() -> None:
    found = announced(spec_of(domains={"example.net": {"client_host": "imap.example.net"}}))
    assert found["_imaps"] == ["0 1 993 imap.example.net."]
    assert found["_submissions"] == ["0 1 465 imap.example.net."]


def test_a_record_stands_where_its_port_is_written() -> None:
    spec = spec_of(protocols={"imap": {"port": 143}})
    places = {
        r.name.partition(".")[0]: r.where for r in yielded(plugin.records, view(plugin, spec))
    }
    assert places["_imap"] == ("protocols", "imap")
    assert places["_imaps"] == ("hosts", "mail")


@pytest.mark.parametrize(
    "domain",
    [
        pytest.param({"mail": "send-only"}, id="send-only"),
        pytest.param({"mail": "none"}, id="parked"),
        pytest.param({"provider": "google-workspace"}, id="with a provider"),
    ],
)
def test_a_domain_without_mailboxes_announces_nothing(domain: dict[str, Any]) -> None:
    assert announced(spec_of(domains={"a.example": domain})) == {}
