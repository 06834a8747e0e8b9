"""Forgers that would be let in."""

from typing import Any

import pytest

from mailconf.plugins.dmarc import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import plan_checks, view


@pytest.mark.parametrize(
    ("options", "today", "found"),
    [
        pytest.param({"policy": "none"}, [], 0, id="nothing today"),
        pytest.param({"policy": "reject"}, ["v=DMARC1; p=reject"], 0, id="the same"),
        pytest.param({"policy": "reject"}, ["v=DMARC1; p=none"], 0, id="stricter"),
        pytest.param({"policy": "none"}, ["v=DMARC1; p=reject"], 3, id="everywhere"),
        pytest.param({"subdomain_policy": "none"}, ["v=DMARC1; p=reject"], 2, id="below"),
        pytest.param(
            {"nonexistent_policy": "none"}, ["v=DMARC1; p=reject"], 1, id="what is not there"
        ),
        pytest.param(
            {"policy": "quarantine"}, ["v=DMARC1; p=reject; t=y"], 0, id="no less than tested"
        ),
        pytest.param({"policy": "none"}, ["v=DMARC1; p=reject"] * 2, 0, id="two are none"),
        pytest.param({"policy": "none"}, ["v=DMARC1; p=wrong"], 0, id="a broken one is none"),
    ],
)
async def test_dmarc_weakened(options: dict[str, Any], today: list[str], found: int) -> None:
    texts = tuple(f"{text}{' ' * number}" for number, text in enumerate(today))
    world = FakeWorld({("_dmarc.example.org.", "TXT"): texts})
    seen = view(plugin, spec_of(), options=options)
    assert await plan_checks(plugin, seen, world) == ["DNG003"] * found
