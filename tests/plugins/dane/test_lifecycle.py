"""TLS keys are published before they are used, and for a while after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailconf.model.step import stamped
from mailconf.plugins.dane import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

BEGIN = datetime(2026, 11, 25, 10, tzinfo=UTC)
SINCE = "2026-11-25T10:00:00Z"
ONE, TWO = "1" * 64, "2" * 64


def key(digest: str, state: str, since: str | None = SINCE) -> dict[str, Any]:
    return {"sha256": digest, "state": state} | ({"since": since} if since else {})


def steps(*keys: Any, ttl: str = "1h") -> list[Any]:
    spec = spec_of(dns={"ttls": {"tlsa": ttl}})
    return yielded(plugin.steps, view(plugin, spec, options={"keys": list(keys)}))


def test_a_key_in_use_stays_as_it_is() -> None:
    assert steps(ONE) == []


@pytest.mark.parametrize(("ttl", "hours"), [("1h", 2), ("1d", 48)])
def test_the_next_key_waits_for_twice_the_lifetime(ttl: str, hours: int) -> None:
    (step,) = steps(ONE, key(TWO, "next"), ttl=ttl)
    assert step.earliest == BEGIN + timedelta(hours=hours)
    assert step.early.rule.code == "DAN008"


def test_taking_it_into_use_keeps_the_old_record() -> None:
    (step,) = steps(key(ONE, "current", "2026-01-01T00:00:00Z"), key(TWO, "next"))
    written = stamped(step.edit, BEGIN)["hosts"]["mail"]["dane"]["keys"]
    assert written == [key(ONE, "past"), key(TWO, "current")]


def test_the_old_record_goes_at_last() -> None:
    (step,) = steps(key(ONE, "past"), key(TWO, "current"))
    assert stamped(step.edit, BEGIN)["hosts"]["mail"]["dane"]["keys"] == [key(TWO, "current")]
    assert step.earliest == BEGIN + timedelta(hours=2)


def test_a_key_without_a_date_is_never_safe() -> None:
    (step,) = steps(ONE, key(TWO, "next", None))
    assert not step.is_safe(BEGIN + timedelta(days=9999))
    assert "set `since`" in step.early.message


def test_every_state_is_published() -> None:
    seen = view(plugin, spec_of(), options={"keys": [key(ONE, "past"), key(TWO, "next")]})
    assert [r.value for r in yielded(plugin.records, seen)] == [f"3 1 1 {ONE}", f"3 1 1 {TWO}"]
