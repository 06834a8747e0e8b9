"""When a step may be taken, when it should have been, and what it writes."""

from datetime import UTC, datetime

import pytest

from mailconf.model.step import NOW, Step, said, stamped

THEN = datetime(2026, 11, 25, 10, tzinfo=UTC)
BEFORE, AFTER = THEN.replace(hour=9), THEN.replace(hour=11)


@pytest.mark.parametrize(("now", "is_safe"), [(BEFORE, False), (THEN, True), (AFTER, True)])
def test_a_step_is_safe_from_its_moment_on(now: datetime, is_safe: bool) -> None:
    step = Step("a", "b", "c", (), earliest=THEN, due=THEN)
    assert (step.is_safe(now), step.is_late(now)) == (is_safe, is_safe)


def test_a_step_without_a_moment_is_safe_and_never_late() -> None:
    step = Step("a", "b", "c", ())
    assert (step.is_safe(BEFORE), step.is_late(AFTER), step.says_when) == (
        True,
        False,
        "at any time",
    )


def test_moments_in_words() -> None:
    assert said(THEN) == "2026-11-25 10:00 UTC"
    assert said(None) == said(datetime.max.replace(tzinfo=UTC)) == "an unknown time"
    assert Step("a", "b", "c", (), earliest=THEN).says_when == "not before 2026-11-25 10:00 UTC"
    undated = Step("a", "b", "c", (), earliest=datetime.max.replace(tzinfo=UTC))
    assert (undated.dated, undated.says_when) == (None, "earliest time unknown")


def test_an_edit_gets_the_moment_at_which_it_is_made() -> None:
    edit = {"a": {"since": NOW, "state": "next"}, "b": [{"since": NOW}, "x"]}
    stamp = "2026-11-25T10:00:00Z"
    assert stamped(edit, THEN) == {
        "a": {"since": stamp, "state": "next"},
        "b": [{"since": stamp}, "x"],
    }
