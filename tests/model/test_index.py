"""Hosts and services are found by name and by address."""

from ipaddress import ip_address

from mailconf.model.index import HostIndex
from mailconf.testing import spec_of

ONE, BOTH = "192.0.2.1", "192.0.2.2"
SPEC = spec_of(
    hosts={
        "a": {"hostname": "a.example.org", "addresses": [ONE, BOTH], "roles": ["mx"]},
        "b": {"hostname": "b.example.org", "addresses": [BOTH], "roles": ["mailstore"]},
        "c": {"hostname": "a.example.org", "addresses": ["192.0.2.3"], "roles": ["web"]},
    }
)
INDEX = HostIndex(tuple(SPEC.hosts.values()), SPEC.endpoints)


def test_the_first_host_of_a_name_or_address_counts() -> None:
    assert {name: host.key for name, host in INDEX.by_name.items()} == {
        "a.example.org": "a",
        "b.example.org": "b",
    }
    assert INDEX.by_address[ip_address(BOTH)].key == "a"


def test_services_are_those_of_all_hosts_at_a_name_or_an_address() -> None:
    named = [str(point) for point in INDEX.services_by_name["a.example.org"]]
    assert named == ["smtp://a.example.org:25"]
    there = [str(point) for point in INDEX.services_by_address[ip_address(BOTH)]]
    assert there == ["smtp://a.example.org:25", "imaps://b.example.org:993"]
    assert ip_address("192.0.2.9") not in INDEX.services_by_address
