"""SPF from the addresses that really send."""

from typing import Any

import pytest

from mailconf.plugins.spf import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

HOSTS = {"mail": {"hostname": "mail.example.org", "addresses": ["2001:db8::25", "192.0.2.25"]}}


@pytest.mark.parametrize(
    ("domain", "options", "value"),
    [
        pytest.param({}, {}, "v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 ~all", id="hosted"),
        pytest.param(
            {"mail": "send-only"},
            {"all": "-all"},
            "v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 -all",
            id="strict",
        ),
        pytest.param({"mail": "none"}, {}, "v=spf1 -all", id="parked"),
    ],
)
def test_a_domain(domain: dict[str, Any], options: dict[str, Any], value: str) -> None:
    spec = spec_of(hosts=HOSTS, domains={"a.example": domain})
    records = yielded(plugin.records, view(plugin, spec, options=options))
    assert [(r.name, r.value) for r in records] == [
        ("mail.example.org.", "v=spf1 a -all"),
        ("a.example.", value),
    ]
