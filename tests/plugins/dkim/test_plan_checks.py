"""Signatures that nobody could verify."""

import base64
from typing import Any

import pytest

from mailconf.model.record import Record
from mailconf.plugins.dkim import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import plan_checks, view

ONE, TWO = (base64.b64encode(bytes([number]) * 90).decode() for number in (1, 2))
KEY_ONE, KEY_TWO = f"v=DKIM1; k=rsa; p={ONE}", f"v=DKIM1; k=rsa; p={TWO}"
ACTIVE = {"one": {"public_key": ONE, "private_key": "ref+env://ONE"}}
NEXT = {"two": {"public_key": TWO, "private_key": "ref+env://TWO", "state": "published"}}


def world(**texts: str) -> FakeWorld:
    return FakeWorld({(f"{s}._domainkey.example.org.", "TXT"): (t,) for s, t in texts.items()})


def earlier(*selectors: str) -> tuple[Record, ...]:
    return tuple(Record(f"{s}._domainkey.example.org.", "TXT", KEY_ONE) for s in selectors)


@pytest.mark.parametrize(
    ("previous", "today", "found"),
    [
        pytest.param(earlier("one"), {"one": KEY_ONE}, [], id="still declared"),
        pytest.param(
            earlier("old"), {"old": KEY_ONE, "one": KEY_ONE}, ["DNG004"], id="gone without a step"
        ),
        pytest.param(
            earlier("old"), {"old": "v=DKIM1; p=", "one": KEY_ONE}, [], id="taken back before"
        ),
        pytest.param(earlier("old"), {"one": KEY_ONE}, [], id="not there any more"),
        pytest.param((), {"old": KEY_ONE, "one": KEY_ONE}, [], id="not ours"),
    ],
)
async def test_key_removed(
    previous: tuple[Record, ...], today: dict[str, str], found: list[str]
) -> None:
    seen = view(plugin, spec_of(), options={"selectors": ACTIVE}, previous=previous)
    assert await plan_checks(plugin, seen, world(**today)) == found


@pytest.mark.parametrize(
    ("old", "found"),
    [
        pytest.param({"state": "revoked"}, ["DNG004"], id="taken back by hand"),
        pytest.param({"state": "removed"}, ["DNG004"], id="removed by hand"),
        pytest.param({"state": "revoked", "since": "2026-11-25T10:00:00Z"}, [], id="step by step"),
        pytest.param({"state": "retiring"}, [], id="still published"),
    ],
)
async def test_key_taken_back_by_hand(old: dict[str, str], found: list[str]) -> None:
    selectors = {**ACTIVE, "old": {"public_key": TWO, "private_key": "ref+env://TWO", **old}}
    seen = view(plugin, spec_of(), options={"selectors": selectors})
    assert await plan_checks(plugin, seen, world(one=KEY_ONE, old=KEY_TWO)) == found


@pytest.mark.parametrize(
    ("selectors", "today", "found"),
    [
        pytest.param(ACTIVE | NEXT, {"one": KEY_ONE}, [], id="the active one is there"),
        pytest.param(ACTIVE, {}, [], id="the first one ever"),
        pytest.param(
            {
                "one": {**ACTIVE["one"], "state": "published"},
                "two": {**NEXT["two"], "state": "active"},
            },
            {"one": KEY_ONE},
            ["DNG009"],
            id="the next one signs too early",
        ),
        pytest.param(
            {"one": ACTIVE["one"], "two": {**NEXT["two"]}},
            {"one": KEY_TWO, "two": KEY_TWO},
            ["DNG009"],
            id="another key under the name",
        ),
    ],
)
async def test_active_key_unpublished(
    selectors: dict[str, Any], today: dict[str, str], found: list[str]
) -> None:
    seen = view(plugin, spec_of(), options={"selectors": selectors})
    assert await plan_checks(plugin, seen, world(**today)) == found
