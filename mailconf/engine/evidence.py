"""What a check was told, kept until it is known whether anybody wants to see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from mailconf.model.hiding import SECRETS
from mailconf.model.question import Question
from mailconf.model.world import ConnectionRejected, Inconclusive, World

T = TypeVar("T")
MOST_LINES, MOST_SIGNS = 80, 300
"""Of evidence: enough for a session, not for what a hostile server makes of it."""


@dataclass(slots=True)
class EvidenceRecorder:
    """A World that remembers what one check heard from another one."""

    world: World
    heard: dict[Question[Any], object] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The time at which expiry is judged."""
        return self.world.now

    def lines(self) -> tuple[str, ...]:
        """Return what was heard, as people read it: protocol lines, records, pages."""
        found = [
            line for question, answer in self.heard.items() for line in _told(question, answer)
        ]
        # Before it is cut: half of a secret would not be known for one.
        return tuple(_short(line) for line in SECRETS.lines(found[:MOST_LINES]))

    async def ask(self, question: Question[T]) -> T:
        """Remember an answer, or why there was none: a refusal is what some findings rest on."""
        try:
            answer = await self.world.ask(question)
        except (Inconclusive, ConnectionRejected) as why:
            self.heard[question] = why
            raise
        self.heard[question] = answer
        return answer


def _told(question: Question[Any], answer: object) -> Iterable[str]:
    if isinstance(answer, Exception):
        return (f"{question}: {answer}",)
    return question.evidence(answer)


def _short(line: str) -> str:
    return line if len(line) <= MOST_SIGNS else f"{line[:MOST_SIGNS]}…"
