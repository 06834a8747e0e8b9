"""DMARC policies and report addresses."""

from typing import Any

import pytest

from mailconf.plugins.dmarc import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded


@pytest.mark.parametrize(
    ("domain", "options", "value"),
    [
        pytest.param({}, {}, "v=DMARC1; p=reject", id="default"),
        pytest.param(
            {},
            {"policy": "quarantine", "alignment": "strict", "reports": ["mailto:d@a.example"]},
            "v=DMARC1; p=quarantine; adkim=s; aspf=s; rua=mailto:d@a.example",
            id="everything",
        ),
        pytest.param(
            {"mail": "none"},
            {"policy": "none"},
            "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s",
            id="parked",
        ),
    ],
)
def test_records(domain: dict[str, Any], options: dict[str, Any], value: str) -> None:
    seen = view(plugin, spec_of(domains={"a.example": domain}), options=options)
    (record,) = yielded(plugin.records, seen)
    assert (record.name, record.value) == ("_dmarc.a.example.", value)


@pytest.mark.parametrize(
    ("report", "found"),
    [
        ("mailto:dmarc@a.example", []),
        ("dmarc@a.example", ["DMC012"]),
        ("mailto:a@b.example,mailto:c@d.example", ["DMC012"]),
        ("mailto:dmarc@a.example!10m", ["DMC012"]),
        ("https://a.example/dmarc", ["DMC012"]),
    ],
)
def test_report_addresses(report: str, found: list[str]) -> None:
    seen = view(plugin, spec_of(), options={"reports": [report]})
    assert codes(yielded(plugin.lint, seen)) == found
