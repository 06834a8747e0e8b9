"""Services that would be withdrawn."""

from typing import Any

import pytest

from mailconf.plugins.srv import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import plan_checks, view, yielded

CLOSED = {"submission": "off", "submissions": "off"}


@pytest.mark.parametrize(
    ("protocols", "today", "found"),
    [
        pytest.param({}, ["0 1 465 mail.example.org."], [], id="still offered"),
        pytest.param({"submission": "off"}, ["0 1 465 mail.example.org."], [], id="one is left"),
        pytest.param(CLOSED, ["0 1 465 mail.example.org."], ["DNG007"], id="none is left"),
        pytest.param(CLOSED, ["0 0 0 ."], [], id="none was offered"),
        pytest.param(CLOSED, [], [], id="nothing published"),
    ],
)
async def test_submission_withdrawn(
    protocols: dict[str, Any], today: list[str], found: list[str]
) -> None:
    spec = spec_of(protocols=protocols)
    seen = view(plugin, spec, records=tuple(yielded(plugin.records, view(plugin, spec))))
    world = FakeWorld({("_submissions._tcp.example.org.", "SRV"): tuple(today)})
    assert await plan_checks(plugin, seen, world) == found
