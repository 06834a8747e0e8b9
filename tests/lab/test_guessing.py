"""Guessers are judged by whether any of their logins is slowed, not by one late moment."""

import asyncio
from typing import Any

import pytest

from mailconf.lab.attacks import guessing
from mailconf.lab.attacks.guessing import Found, Way
from mailconf.lab.mail import Login
from tests.net.asking import listener

DELAYED: Found = ("", "")
AT_ONCE: Found = ("", "a login")
OTHER_WAITS: Found = ("accepted after 9.0 s", "")


def judged(monkeypatch: pytest.MonkeyPatch, tries: list[Found], counts: bool = True) -> list[str]:
    """Return the codes of what is found when the tries end so; a try more is an IndexError."""

    def next_try(_machine: str, _work: Any) -> Found:
        return tries.pop(0)

    monkeypatch.setattr(guessing, "on_network_of", next_try)
    found = guessing._slowed_alone(
        listener("submissions", 465), Login("ada@example.org", "right"), Way(6, counts)
    )

    async def collect() -> list[str]:
        return [finding.rule.code async for finding in found]

    return asyncio.run(collect())


def test_a_login_after_the_delay_was_over_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, [AT_ONCE, AT_ONCE, DELAYED]) == []


def test_a_host_that_counts_nothing_lets_the_guesser_in_every_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert judged(monkeypatch, [AT_ONCE] * guessing.TRIES) == ["LAB043"]


def test_a_delay_for_another_client_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, [OTHER_WAITS]) == ["LAB042"]


def test_where_another_host_counts_one_try_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, [AT_ONCE], counts=False) == []
