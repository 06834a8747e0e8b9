"""Zone files: each record in the zone that it belongs to."""

import pytest

from mailconf.model.record import Record
from mailconf.plugins.zonefile import plugin
from mailconf.plugins.zonefile.files import zone_of
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

SPEC = spec_of(domains={"example.org": {}, "sub.example.org": {}})


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("example.org.", "example.org."),
        ("mail.example.org.", "example.org."),
        ("_dmarc.sub.example.org.", "sub.example.org."),
        ("mail.provider.example.", "provider.example."),
    ],
)
def test_zones(name: str, zone: str) -> None:
    assert zone_of(view(plugin, SPEC), name) == zone


def test_reverse_names_are_somebody_elses() -> None:
    records = (
        Record("1.2.0.192.in-addr.arpa.", "PTR", "mail.example.org."),
        Record("mail.example.org.", "A", "192.0.2.1"),
    )
    (order,) = yielded(plugin.files, view(plugin, SPEC, records=records))
    assert str(order.path) == "dns/example.org.zone"
    assert [record.type for record in order.data.records] == ["A"]
