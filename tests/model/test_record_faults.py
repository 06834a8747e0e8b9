"""What no zone can hold is told of with what was expected."""

from dataclasses import replace
from typing import Any

import pytest

from mailconf.model.record import Record
from mailconf.model.record_faults import fault

LONG = ".".join(["a" * 63] * 3)

RIGHT = [
    Record("example.org.", "A", "192.0.2.1"),
    Record("example.org.", "AAAA", "2001:db8::1"),
    Record("*.example.org.", "CNAME", "mail.example.org."),
    Record("_25._tcp.mail.example.org.", "TLSA", f"3 1 1 {'ab' * 32}"),
    Record("_imaps._tcp.example.org.", "SRV", "0 1 993 mail.example.org."),
    Record("_pop3._tcp.example.org.", "SRV", "0 0 0 ."),
    Record("example.org.", "MX", "10 mail.example.org."),
    Record("example.org.", "MX", "0 ."),
    Record("example.org.", "CAA", '0 issue "letsencrypt.org"'),
    Record("1.2.0.192.in-addr.arpa.", "PTR", "mail.example.org."),
    Record("0/25.2.0.192.in-addr.arpa.", "CNAME", "."),
    Record("example.org.", "TXT", "grün, and more " * 1000),
    Record("example.org.", "TXT", "", ttl=2**31 - 1),
    Record(f"{'a' * 61}.{LONG}.", "TXT", "x", ttl=0),
]


@pytest.mark.parametrize("record", RIGHT, ids=str)
def test_what_a_zone_can_hold(record: Record) -> None:
    assert fault(record) == ""


TEXT = Record("example.org.", "TXT", "x")
ABSOLUTE = "expected an absolute domain name"
WRONG: list[Any] = [
    pytest.param({"ttl": -1}, "the TTL is -1; expected 0 to 2147483647", id="negative TTL"),
    pytest.param({"ttl": 2**31}, "the TTL is 2147483648; expected", id="large TTL"),
    pytest.param({"name": "a\nb."}, rf"the name is 'a\nb.'; {ABSOLUTE}", id="line end"),
    pytest.param({"name": "a\n."}, ABSOLUTE, id="line end at the end"),
    pytest.param({"name": f"{'a' * 62}.{LONG}."}, ABSOLUTE, id="253 octets are the most"),
    pytest.param({"name": f"{'a' * 64}.org."}, ABSOLUTE, id="63 octets of a label are the most"),
    pytest.param({"name": "a..b."}, ABSOLUTE, id="empty label"),
    pytest.param({"name": "a b."}, ABSOLUTE, id="blank"),
    pytest.param({"name": "grün.org."}, ABSOLUTE, id="no A-label"),
    pytest.param({"value": "a\nb"}, "expected text without control characters", id="TXT lines"),
    pytest.param({"value": "a\x7fb"}, "without control characters", id="DEL"),
    pytest.param({"value": "x" * 65_280}, "expected at most 65279 octets", id="long TXT"),
    pytest.param({"type": "A", "value": "::1"}, "expected an IPv4 address", id="A"),
    pytest.param({"type": "A", "value": "1.2.3"}, "expected an IPv4 address", id="short A"),
    pytest.param({"type": "AAAA", "value": "fe80::1%eth0"}, "an IPv6 address", id="AAAA"),
    pytest.param({"type": "MX", "value": "mail."}, "a preference and an absolute name", id="MX"),
    pytest.param({"type": "MX", "value": "10 mail"}, "an absolute name", id="relative MX"),
    pytest.param({"type": "MX", "value": "65536 a."}, "a preference", id="large MX"),
    pytest.param({"type": "MX", "value": "10 a.\n"}, "control characters", id="MX line end"),
    pytest.param({"type": "SRV", "value": "0 1 a."}, "priority, weight, port", id="SRV"),
    pytest.param({"type": "SRV", "value": "0 1 70000 a."}, "priority, weight", id="SRV port"),
    pytest.param({"type": "CNAME", "value": "a.example"}, ABSOLUTE, id="CNAME"),
    pytest.param({"type": "PTR", "value": ""}, ABSOLUTE, id="PTR"),
    pytest.param({"type": "TLSA", "value": "3 1 1"}, "three numbers and hexadecimal", id="TLSA"),
    pytest.param({"type": "CAA", "value": "0 issue"}, "flags, a tag and a value", id="CAA"),
]


@pytest.mark.parametrize(("changes", "told"), WRONG)
def test_what_no_zone_can_hold(changes: dict[str, Any], told: str) -> None:
    assert told in fault(replace(TEXT, **changes))


def test_of_a_long_value_the_beginning_is_shown() -> None:
    assert "…'" in fault(replace(TEXT, type="A", value="x" * 1000))
    assert len(fault(replace(TEXT, type="A", value="x" * 1000))) < 120
