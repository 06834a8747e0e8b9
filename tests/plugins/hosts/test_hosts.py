"""Host names and addresses fit for mail, and their records."""

from typing import Any

import pytest

from mailconf.plugins.hosts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded

MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.25", "2001:db8::25"]}


@pytest.mark.parametrize(
    ("hosts", "found"),
    [
        pytest.param({"mail": MAIL}, [], id="fine"),
        pytest.param({"mail": {**MAIL, "hostname": "example.org"}}, ["HST001"], id="mail domain"),
        pytest.param(
            {"mail": {**MAIL, "hostname": "static-192-0-2-25.isp.example"}},
            ["HST004"],
            id="address",
        ),
        pytest.param(
            {"mail": {**MAIL, "hostname": "25.2.0.192.isp.example"}}, ["HST004"], id="reversed"
        ),
        pytest.param({"mail": {**MAIL, "hostname": "a1.dyn.isp.example"}}, ["HST004"], id="pool"),
        pytest.param(
            {"mail": {**MAIL, "hostname": "mail.dyn.example"}}, [], id="domain of its own"
        ),
        pytest.param({"mail": {**MAIL, "addresses": ["10.0.0.1"]}}, ["MX009"], id="private"),
        pytest.param(
            {"mail": {**MAIL, "addresses": ["127.0.0.1", "fe80::1"]}}, ["MX009"] * 2, id="local"
        ),
        pytest.param({"mail": {**MAIL, "addresses": ["fd00::1"]}}, ["MX009"], id="unique local"),
        pytest.param(
            {"mail": MAIL, "b": {"hostname": "b.example.org", "addresses": ["192.0.2.26"]}},
            [],
            id="several",
        ),
        pytest.param(
            {"mail": MAIL, "b": {"hostname": "b.example.org", "addresses": ["192.0.2.25"]}},
            ["HST010"],
            id="shared",
        ),
    ],
)
def test_rules(hosts: dict[str, Any], found: list[str]) -> None:
    assert codes(yielded(plugin.lint, view(plugin, spec_of(hosts=hosts)))) == found


def test_every_address_has_a_record_and_a_reverse_name() -> None:
    records = yielded(plugin.records, view(plugin, spec_of(hosts={"mail": MAIL})))
    assert [(r.name, r.type, r.value) for r in records][:2] == [
        ("mail.example.org.", "A", "192.0.2.25"),
        ("25.2.0.192.in-addr.arpa.", "PTR", "mail.example.org."),
    ]
    assert [r.type for r in records] == ["A", "PTR", "AAAA", "PTR"]


STORE = {"hostname": "store.example.org", "addresses": ["192.0.2.26"], "roles": ["mailstore"]}


@pytest.mark.parametrize(
    ("domain", "values"),
    [
        pytest.param({}, [], id="none of its own"),
        pytest.param(
            {"client_host": "imap.example.net"},
            [("A", "192.0.2.25"), ("AAAA", "2001:db8::25")],
            id="of the first store",
        ),
        pytest.param(
            {"client_host": "imap.example.net", "store": "store"},
            [("A", "192.0.2.26")],
            id="of its own store",
        ),
        pytest.param({"client_host": "mail.example.org"}, [], id="a host's name has records"),
        pytest.param(
            {"client_host": "imap.example.net", "mail": "send-only"}, [], id="without mailboxes"
        ),
        pytest.param(
            {"client_host": "imap.example.net", "store": "none"}, [], id="a store that is not there"
        ),
    ],
)
def test_the_name_that_users_are_told_has_the_addresses_of_their_store(
    domain: dict[str, Any], values: list[tuple[str, str]]
) -> None:
    spec = spec_of(hosts={"mail": MAIL, "store": STORE}, domains={"example.net": domain})
    records = list(plugin.records.domain(view(plugin, spec), spec.domains["example.net"]))
    assert [(record.type, record.value) for record in records] == values
    assert {record.name for record in records} <= {"imap.example.net."}


def test_the_list_of_reverse_names_is_for_the_whole_site() -> None:
    (order,) = yielded(plugin.files, view(plugin, spec_of(hosts={"mail": MAIL})))
    assert [name for _, name in order.data] == ["mail.example.org"] * 2
