"""Mail that would go elsewhere."""

from typing import Any

import pytest

from mailconf.plugins.mx_records import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import plan_checks, view, yielded


@pytest.mark.parametrize(
    ("domain", "today", "found"),
    [
        pytest.param({}, [], [], id="nothing today"),
        pytest.param({}, ["10 mail.example.org."], [], id="the same"),
        pytest.param({}, ["50 MAIL.example.org."], [], id="another preference"),
        pytest.param({}, ["10 mail.example.org.", "20 old.example."], ["DNG001"], id="one less"),
        pytest.param({}, ["10 old.example."], ["DNG001"], id="another one"),
        pytest.param({"mail": "none"}, ["10 mail.example.org."], ["DNG001"], id="nowhere"),
        pytest.param({"mail": "none"}, ["0 ."], [], id="nowhere as today"),
        pytest.param({"mail": "send-only"}, ["10 old.example."], [], id="not ours to say"),
    ],
)
async def test_mx_replaced(domain: dict[str, Any], today: list[str], found: list[str]) -> None:
    seen = view(plugin, spec_of(domains={"example.org": domain}))
    seen = view(plugin, seen.spec, records=tuple(yielded(plugin.records, seen)))
    world = FakeWorld({("example.org.", "MX"): tuple(today)})
    assert await plan_checks(plugin, seen, world) == found
