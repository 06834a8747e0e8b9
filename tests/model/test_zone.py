"""Each record stands in the zone that it belongs to."""

import pytest

from mailconf.model.record import Record
from mailconf.model.zone import Zone, nearest, zone_of, zones
from mailconf.testing import spec_of

HOSTS = {"mail": {"hostname": "mail.provider.example", "addresses": ["192.0.2.25"]}}
DOMAINS = {"example.org": {"client_host": "imap.users.example"}, "sub.example.org": {}}
SPEC = spec_of(hosts=HOSTS, domains=DOMAINS)
NAMED = spec_of(hosts=HOSTS, domains=DOMAINS, dns={"zones": ["example.org", "example"]})


@pytest.mark.parametrize(
    ("name", "apex", "named"),
    [
        pytest.param("example.org.", "example.org.", "example.org.", id="a domain"),
        pytest.param("www.example.org.", "example.org.", "example.org.", id="below a domain"),
        pytest.param(
            "_dmarc.sub.example.org.", "sub.example.org.", "example.org.", id="domain in a zone"
        ),
        pytest.param("mail.provider.example.", "provider.example.", "example.", id="a host"),
        pytest.param(
            "_25._tcp.mail.provider.example.", "provider.example.", "example.", id="below a host"
        ),
        pytest.param("imap.users.example.", "users.example.", "example.", id="users' own name"),
        pytest.param("a.b.test.", "b.test.", "b.test.", id="anything else"),
    ],
)
def test_zones(name: str, apex: str, named: str) -> None:
    assert (zone_of(SPEC, name), zone_of(NAMED, name)) == (apex, named)


PTR = Record("1.2.0.192.in-addr.arpa.", "PTR", "mail.example.org.")


def test_reverse_names_are_somebody_elses_unless_the_spec_names_their_zone() -> None:
    ours = spec_of(dns={"zones": ["2.0.192.in-addr.arpa"]})
    assert zones(SPEC, [PTR]) == ()
    assert zones(ours, [PTR]) == (Zone("2.0.192.in-addr.arpa.", (PTR,)),)


def test_names_are_relative_to_the_apex() -> None:
    zone = Zone("example.org.", ())
    labels = [
        zone.label_of(Record(name, "A", "192.0.2.1"))
        for name in ("example.org.", "a.b.example.org.")
    ]
    assert (zone.name, labels) == ("example.org", ["@", "a.b"])


def test_records_of_one_name_and_type_are_a_set() -> None:
    one, two = (Record("a.example.", "A", f"192.0.2.{n}") for n in (1, 2))
    other = Record("a.example.", "AAAA", "2001:db8::1")
    assert Zone("example.", (one, two, other)).sets == ((one, two), (other,))


def test_a_host_right_below_a_top_level_domain_is_its_own_zone() -> None:
    hosts = {"mail": {"hostname": "provider.example", "addresses": ["192.0.2.25"]}}
    assert (
        zone_of(spec_of(hosts=hosts, domains=DOMAINS), "provider.example.") == "provider.example."
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.b.example.", "b.example."),
        ("b.example.", "b.example."),
        ("ab.example.", "example."),
        ("x.test.", ""),
    ],
)
def test_the_nearest_apex_is_the_longest(name: str, found: str) -> None:
    assert nearest(name, {"b.example.", "example."}) == found
