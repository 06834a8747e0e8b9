"""A policy is tried, then enforced; taken back, then gone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailconf.model.step import Step, stamped
from mailconf.plugins.mta_sts import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

BEGIN = datetime(2026, 11, 25, 10, tzinfo=UTC)
SINCE = {"since": "2026-11-25T10:00:00Z"}


def steps(**options: Any) -> list[Step]:
    return yielded(plugin.steps, view(plugin, spec_of(), options=options))


def test_a_trial_takes_two_weeks() -> None:
    (step,) = steps(mode="testing", **SINCE)
    assert step.earliest == BEGIN + timedelta(days=14)
    assert step.early
    assert (step.early.rule.code, step.next) == ("STS012", "enforce the policy")
    assert step.edit
    assert stamped(step.edit, BEGIN) == {
        "domains": {"example.org": {"mta_sts": {"mode": "enforce", **SINCE}}}
    }


@pytest.mark.parametrize(("days", "is_late"), [(29, False), (31, True)])
def test_a_trial_that_never_ends_is_told(days: int, is_late: bool) -> None:
    (step,) = steps(mode="testing", **SINCE)
    assert step.is_late(BEGIN + timedelta(days=days)) is is_late
    assert step.late
    assert step.late.rule.code == "STS008"


def test_a_trial_without_a_date_begins_to_count_when_it_is_asked_to() -> None:
    (step,) = steps(mode="testing")
    assert (step.begins, step.early, step.late) == (True, None, None)
    assert step.edit
    assert stamped(step.edit, BEGIN) == {"domains": {"example.org": {"mta_sts": SINCE}}}


def test_what_is_enforced_stays() -> None:
    assert steps(mode="enforce", **SINCE) == []


def test_a_policy_that_was_taken_back_goes_when_nobody_remembers_the_old_one() -> None:
    (step,) = steps(mode="none", max_age="14d", **SINCE)
    assert (step.earliest, step.edit) == (BEGIN + timedelta(days=14), None)
