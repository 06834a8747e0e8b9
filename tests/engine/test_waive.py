"""Waivers cover what they name, until they end."""

from datetime import date

import pytest

from mailconf.engine.waive import waive
from mailconf.model.finding import Rule, Severity
from mailconf.model.spec import Waiver
from tests.engine.specs import codes

RULE = Rule("XX001", "some-fault", Severity.ERROR, "fault", "mend it")
FINDING = RULE.at("x", ("domains", "a.example", "spf"))
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("waiver", "left"),
    [
        pytest.param(Waiver(code="XX001", reason="r"), [], id="everywhere"),
        pytest.param(Waiver(code="XX001", where="domains.a.example", reason="r"), [], id="above"),
        pytest.param(
            Waiver(code="XX001", where="domains.a.ex", reason="r"), ["CFG051", "XX001"], id="beside"
        ),
        pytest.param(Waiver(code="XX002", reason="r"), ["CFG051", "XX001"], id="another code"),
        pytest.param(
            Waiver(code="XX001", reason="r", until=date(2026, 11, 23)),
            ["CFG050", "XX001"],
            id="ended",
        ),
        pytest.param(Waiver(code="XX001", reason="r", until=TODAY), [], id="last day"),
    ],
)
def test_what_is_left(waiver: Waiver, left: list[str]) -> None:
    assert codes(waive([FINDING], (waiver,), TODAY)) == left
