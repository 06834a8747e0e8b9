"""MX records and null MX."""

from typing import Any

import pytest

from mailconf.plugins.mx_records import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded


@pytest.mark.parametrize(
    ("domain", "values"),
    [
        pytest.param({}, ["10 mail.example.org."], id="hosted"),
        pytest.param({"mx": {"mail": 5}}, ["5 mail.example.org."], id="preference"),
        pytest.param({"mail": "none"}, ["0 ."], id="null MX"),
        pytest.param({"mail": "send-only"}, [], id="a sender must not have null MX"),
    ],
)
def test_records(domain: dict[str, Any], values: list[str]) -> None:
    seen = view(plugin, spec_of(domains={"a.example": domain}))
    assert [record.value for record in yielded(plugin.records, seen)] == values


@pytest.mark.parametrize(("key", "found"), [("mail", []), ("mial", ["MX020"])])
def test_the_host_is_there(key: str, found: list[str]) -> None:
    seen = view(plugin, spec_of(domains={"a.example": {"mx": {key: 10}}}))
    assert codes(yielded(plugin.lint, seen)) == found
