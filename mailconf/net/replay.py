"""What the world said, kept in a file, and said again: the same report on another machine.

A document is JSON: `now`, and by the key of the question either `answer`, or why there was none:
`cannot_tell`, `refused` or `not_asked`. Sessions keep their transcripts, in which credentials are hidden.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from mailconf.model.hiding import Hidden
from mailconf.model.question import Question
from mailconf.model.world import (
    ConnectionRejected,
    DnssecBogus,
    Inconclusive,
    NotApplicable,
    ResponseTooLarge,
    ServerFailure,
    World,
)

T = TypeVar("T")
SCHEMA = "mailconf.recording/2"
FAULTS: dict[str, type[Exception]] = {
    "bogus": DnssecBogus,
    "server_failure": ServerFailure,
    "too_long": ResponseTooLarge,
    "cannot_tell": Inconclusive,
    "refused": ConnectionRejected,
    "not_asked": NotApplicable,
}


class RecordingError(ValueError):
    """The file is no recording; the message says why."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """A World that writes down what another one says."""

    world: World
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    """How long things took, by whatever name the caller gives them."""
    hidden: Hidden = field(default_factory=Hidden)
    """What stays out of the document."""

    @property
    def now(self) -> datetime:
        """The time at which expiry is judged."""
        return self.world.now

    def __str__(self) -> str:
        body = {
            "schema": SCHEMA,
            "now": self.now.isoformat(),
            "questions": self.hidden.within(self.questions),
            "seconds": self.seconds,
        }
        return json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    async def ask(self, question: Question[T]) -> T:
        """Ask, and keep the answer, or why there was none."""
        try:
            answer = await self.world.ask(question)
        except tuple(FAULTS.values()) as why:
            name = next(name for name, fault in FAULTS.items() if isinstance(why, fault))
            self.questions[question.key] = {name: str(why)}
            raise
        self.questions[question.key] = {"answer": question.encode(answer)}
        return answer


@dataclass(frozen=True, slots=True)
class Replay:
    """A World that says what a recording holds."""

    now: datetime
    questions: Mapping[str, Mapping[str, Any]]
    seconds: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Replay:
        """Read a recording of this major version; raises RecordingError."""
        try:
            body = json.loads(text)
            if body["schema"] != SCHEMA:
                raise RecordingError(_other_form(str(body["schema"])))
            seconds = {str(name): float(spent) for name, spent in body["seconds"].items()}
            return cls(datetime.fromisoformat(body["now"]), dict(body["questions"]), seconds)
        except RecordingError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
            raise RecordingError(f"not a recording ({type(why).__name__}: {why})") from None

    async def ask(self, question: Question[T]) -> T:
        """Return what was recorded; raises Inconclusive for what was not, and for what cannot be read."""
        kept = self.questions.get(question.key)
        if kept is None:
            raise Inconclusive(f"the recording holds no answer to {question.key!r}")
        for name, fault in FAULTS.items():
            if name in kept:
                raise fault(str(kept[name]))
        try:
            return question.decode(kept["answer"])
        except (ValidationError, KeyError) as why:
            problem = f"the recording is damaged at {question.key!r}: {type(why).__name__}"
            raise Inconclusive(problem) from None


def _other_form(schema: str) -> str:
    if schema.startswith("mailconf.recording/"):
        return f"recorded by another version of mailconf ({schema}); record it again: this one reads {SCHEMA}"
    return f"expected schema {SCHEMA}, not {schema}"
