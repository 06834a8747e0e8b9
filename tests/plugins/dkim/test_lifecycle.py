"""The life of keys: nobody is harmed by a step that is taken when it is said to be safe."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.model.requests.mail import UseSigningKey
from mailconf.model.step import Step, stamped
from mailconf.plugins.dkim import plugin
from mailconf.plugins.dkim.lifecycle import NEGATIVE_TTL
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

BEGIN = datetime(2026, 11, 25, 10, tzinfo=UTC)
KEY, OTHER = (base64.b64encode(bytes([number]) * 90).decode() for number in (1, 2))
SINCE = {"since": "2026-11-25T10:00:00Z"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def selector(state: str, key: str = KEY, **more: Any) -> dict[str, Any]:
    return {"state": state, "public_key": key, "private_key": "ref+env://KEY", **SINCE, **more}


def steps(
    selectors: dict[str, Any], dns: dict[str, Any] | None = None, **options: Any
) -> list[Step]:
    spec = spec_of(dns=dns or {})
    return yielded(plugin.steps, view(plugin, spec, options={"selectors": selectors, **options}))


@pytest.mark.parametrize(
    ("selectors", "told", "after"),
    [
        pytest.param({}, "create a new key", None, id="no key"),
        pytest.param({"a": selector("active")}, "create a new key", None, id="nothing under way"),
        pytest.param(
            {"a": selector("active"), "b": selector("created")},
            "b becomes published",
            None,
            id="made",
        ),
        pytest.param(
            {"a": selector("active"), "b": selector("published")},
            "b becomes active, a retiring",
            HOUR,
            id="in DNS",
        ),
        pytest.param(
            {"a": selector("retiring"), "b": selector("active")},
            "a becomes revoked",
            7 * DAY + HOUR,
            id="switched",
        ),
        pytest.param(
            {"a": selector("revoked"), "b": selector("active")},
            "a becomes removed",
            7 * DAY + HOUR,
            id="taken back",
        ),
        pytest.param({"a": selector("removed")}, "create a new key", None, id="only a memory"),
    ],
)
def test_what_comes_next_and_when(
    selectors: dict[str, Any], told: str, after: timedelta | None
) -> None:
    step = steps(selectors)[0]
    assert step.next == told
    assert step.earliest == (BEGIN + after if after else None)


def test_caches_count_for_as_long_as_they_may_hold_a_record() -> None:
    keys = {"a": selector("active"), "b": selector("published")}
    slow = steps(keys, {"ttls": {"dkim": "1d"}})[0]
    fast = steps(keys, {"ttls": {"dkim": "1m"}})[0]
    assert slow.earliest == BEGIN + DAY
    assert fast.earliest == BEGIN + timedelta(seconds=NEGATIVE_TTL)


def test_a_step_too_early_names_the_date() -> None:
    step = steps({"a": selector("active"), "b": selector("published")})[0]
    assert step.early
    assert (step.early.rule.code, step.early.where[-1]) == ("DKM025", "b")
    assert "not become active before 2026-11-25 11:00 UTC" in step.early.message


@pytest.mark.parametrize(
    "selectors",
    [
        {"a": selector("active"), "b": {"state": "published", "public_key": KEY}},
        {"a": {"state": "retiring", "public_key": KEY, "created": "2020-01-01"}},
    ],
    ids=["published", "retiring"],
)
def test_what_nobody_knows_the_date_of_is_never_safe(selectors: dict[str, Any]) -> None:
    step = steps(selectors)[0]
    assert not step.is_safe(BEGIN + 9999 * DAY)
    assert step.early
    assert "set `since` in the key file" in step.early.message


def test_the_day_of_its_making_will_do_for_a_key_that_waits() -> None:
    """The key file of other days has `created` alone; the whole day counts."""
    waiting = {"state": "published", "public_key": KEY, "created": "2026-11-20"}
    step = steps({"a": selector("active"), "b": waiting})[0]
    assert step.earliest == datetime(2026, 11, 21, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("selectors", "code", "days"),
    [
        pytest.param({"a": selector("active")}, "DKM015", 365, id="an old key"),
        pytest.param(
            {"a": selector("retiring"), "b": selector("active")}, "DKM017", 37, id="a forgotten one"
        ),
    ],
)
def test_what_was_forgotten_is_told(selectors: dict[str, Any], code: str, days: int) -> None:
    step = steps(selectors)[0]
    assert step.late
    assert step.late.rule.code == code
    assert not step.is_late(BEGIN + days * DAY - HOUR)
    assert step.is_late(BEGIN + days * DAY + 2 * HOUR)


def test_an_old_word_means_the_same() -> None:
    step = steps({"a": selector("retired"), "b": selector("active")})[0]
    assert step.next == "a becomes revoked"


def test_keys_of_two_types_live_apart() -> None:
    keys = {"a": selector("active"), "e": {**selector("active"), "type": "ed25519"}}
    assert [step.subject for step in steps(keys)] == [
        "example.org DKIM rsa",
        "example.org DKIM ed25519",
    ]


def test_nobody_rotates_for_a_domain_that_does_not_send() -> None:
    spec = spec_of(domains={"a.example": {"mail": "none"}})
    assert yielded(plugin.steps, view(plugin, spec)) == []


def records(selectors: dict[str, Any]) -> dict[str, str]:
    """Return what DNS holds by selector: a key, or that it was taken back."""
    seen = view(plugin, spec_of(), options={"selectors": selectors})
    return {r.name.partition(".")[0]: r.value for r in yielded(plugin.records, seen)}


def signers(selectors: dict[str, Any]) -> list[str]:
    seen = view(plugin, spec_of(), options={"selectors": selectors})
    return [s.selector for s in yielded(plugin.requests, seen) if isinstance(s, UseSigningKey)]


def test_a_whole_rotation_leaves_no_message_unverifiable() -> None:
    """Each step at its earliest moment, with caches and queues that keep what they have the longest."""
    keys: dict[str, Any] = {"a": selector("active"), "b": selector("created", OTHER)}
    now, history, last_signed = BEGIN, [(BEGIN, records(keys))], {"a": BEGIN}
    while keys["a"]["state"] != "removed":
        step = next(step for step in steps(keys) if step.edit)
        now = max(now, step.earliest or now)
        last_signed[signer(keys)] = now
        keys = overlay(keys, changed(step, now))
        history.append((now, records(keys)))
        for seen in in_force(history[:-1], now - timedelta(seconds=NEGATIVE_TTL)):
            assert is_key(seen.get(signer(keys), "")), step
        for name, last in last_signed.items():
            assert is_key(records(keys).get(name, "")) or now >= last + 7 * DAY, step
    assert [selector["state"] for selector in keys.values()] == ["removed", "active"]
    assert list(records(keys)) == ["b"]


def signer(keys: dict[str, Any]) -> str:
    (name,) = signers(keys)
    return name


def changed(step: Step, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = stamped(step.edit or {}, now)["domains"]["example.org"]["dkim"][
        "selectors"
    ]
    return found


def in_force(
    history: list[tuple[datetime, dict[str, str]]], since: datetime
) -> list[dict[str, str]]:
    """Return what caches may hold that asked at any time from a moment on."""
    before = [seen for when, seen in history if when <= since][-1:]
    return before + [seen for when, seen in history if when > since]


def is_key(text: str) -> bool:
    return "p=" in text and not text.endswith("p=")
