"""A mailbox that is filled from two sides at once is still judged."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from mailconf.lab import mail, quota_probe
from mailconf.lab.log import LabLog
from mailconf.lab.quota_probe import QuotaProbe
from mailconf.model.finding import Finding
from mailconf.model.questions.sessions import Reply
from tests.net.asking import listener

FULL = Reply("552", ("5.2.2 Mailbox is full",))
ROOM = Reply("250", ("2.1.5 Ok",))


def judged(monkeypatch: pytest.MonkeyPatch, replies: list[Reply]) -> list[Finding]:
    """Fill a mailbox that answers as told, and turns the filling itself away."""

    def turned_away(*_: Any) -> None:
        raise smtplib.SMTPResponseException(int(FULL.status), FULL.lines[0])

    def here(_machine: str, work: Callable[[], Any]) -> Any:
        return work()

    monkeypatch.setattr(mail, "dialogue", lambda *_: replies.pop(0))
    monkeypatch.setattr(mail, "pour", turned_away)
    monkeypatch.setattr(quota_probe, "on_network_of", here)
    full = QuotaProbe(
        listener("smtp", 25), "ada@example.org", 1000, ssl.create_default_context(), LabLog()
    )

    async def collect() -> list[Finding]:
        return [finding async for finding in full.attempt()]

    return asyncio.run(collect())


def test_a_mailbox_that_another_filled_meanwhile_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(monkeypatch, [ROOM, FULL]) == []


def test_a_mailbox_that_takes_more_than_it_holds_is_a_finding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quota_probe, "FULL_SECONDS", 0)
    assert [f.rule.code for f in judged(monkeypatch, [ROOM, ROOM])] == ["LAB017"]
