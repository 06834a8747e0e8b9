"""Which steps are taken, and what becomes of the key file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from mailconf.engine.lifecycle import by_hand, difference, due, edited, overdue, steps, too_early
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.step import NOW, NewKey, Step
from tests.engine.specs import GOOD, parsed, written

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = Rule("XX001", "some-step", Severity.NOTICE, "m", "f")
FINDING = Finding(RULE, "a", (), {})
EDIT = {"domains": {"example.org": {"mta_sts": {"mode": "enforce", "since": NOW}}}}
STEP = Step("a", "is", "becomes", (), edit=EDIT, early=FINDING, late=FINDING)


@pytest.mark.parametrize(
    ("step", "begin", "taken"),
    [
        pytest.param(STEP, False, True, id="at any time"),
        pytest.param(replace(STEP, earliest=NOON), False, True, id="just now"),
        pytest.param(replace(STEP, earliest=NOON + HOUR), False, False, id="too early"),
        pytest.param(replace(STEP, begins=True), False, False, id="a beginning"),
        pytest.param(replace(STEP, begins=True), True, True, id="a beginning that is asked for"),
        pytest.param(
            replace(STEP, begins=True, due=NOON), False, True, id="a beginning that is due"
        ),
        pytest.param(replace(STEP, edit=None), False, False, id="up to the operator"),
        pytest.param(
            replace(STEP, edit=None, key=NewKey("example.org", "rsa")), False, True, id="a new key"
        ),
    ],
)
def test_which_steps_are_taken(step: Step, begin: bool, taken: bool) -> None:
    assert list(due([step], NOON, begin)) == ([step] if taken else [])


def test_one_step_at_a_time_for_each_subject() -> None:
    second, other = replace(STEP, next="later"), replace(STEP, subject="b")
    assert list(due([STEP, second, other], NOON, begin=False)) == [STEP, other]


def test_what_is_too_early_and_what_is_late() -> None:
    early, late = replace(STEP, earliest=NOON + HOUR), replace(STEP, due=NOON - HOUR)
    assert len(list(too_early([STEP, early], NOON))) == 1
    assert len(list(overdue([STEP, late], NOON))) == 1


def test_an_edit_is_laid_over_the_key_file(tmp_path: Path) -> None:
    spec = written(tmp_path)
    written(
        tmp_path,
        "domains: {example.org: {dkim: {selectors: {a: {state: active}}}}}\n",
        "mailconf.keys.yaml",
    )
    before, after = edited(spec, [EDIT], NOON)
    body = yaml.safe_load(after)["domains"]["example.org"]
    assert body["dkim"] == {"selectors": {"a": {"state": "active"}}}
    assert body["mta_sts"] == {"mode": "enforce", "since": "2026-11-25T12:00:00Z"}
    assert "+      mode: enforce" in difference(spec, before, after)


def test_a_key_file_is_begun_where_there_is_none(tmp_path: Path) -> None:
    before, after = edited(written(tmp_path), [EDIT], NOON)
    assert (before, after.startswith("# ")) == ("", True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(GOOD, None, id="nowhere"),
        pytest.param(GOOD + "    mta_sts: {mode: testing}\n", "CFG060", id="in the spec"),
    ],
)
def test_what_the_operator_wrote_is_the_operators_to_change(
    tmp_path: Path, text: str, found: str | None
) -> None:
    whole = parsed(tmp_path, text)
    finding = by_hand(STEP, whole.places, tmp_path / "mailconf.yaml")
    assert (finding.rule.code if finding else None) == found


def test_all_plugins_are_asked(tmp_path: Path) -> None:
    whole = parsed(tmp_path)
    assert whole.spec
    subjects = {step.subject for step in steps(whole, whole.spec)}
    assert subjects == {"example.org DKIM rsa", "example.org MTA-STS"}
