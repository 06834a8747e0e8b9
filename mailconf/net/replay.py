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

from dns.exception import DNSException
from dns.rdata import from_text
from dns.rdataclass import IN

from mailconf.model.hiding import Hidden
from mailconf.model.question import Question
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
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
LONGEST = 1e9
"""Seconds that no look takes."""
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
        except (ValueError, RecursionError):
            raise RecordingError("not a recording: expected a JSON document") from None
        _check_form(body)
        seconds = {name: float(spent) for name, spent in body["seconds"].items()}
        return cls(_moment(body.get("now")), body["questions"], seconds)

    async def ask(self, question: Question[T]) -> T:
        """Return what was recorded; raises Inconclusive for what was not, and for what cannot be read."""
        kept = self.questions.get(question.key)
        if kept is None:
            raise Inconclusive(f"the recording holds no answer to {question.key!r}")
        for name, fault in FAULTS.items():
            if name in kept:
                raise fault(str(kept[name]))
        try:
            answer = question.decode(kept["answer"])
            _check_values(question, answer)
        except (ValueError, TypeError, DNSException):
            raise Inconclusive(f"the recording is damaged at {question.key!r}") from None
        return answer


def _check_form(body: Any) -> None:
    """Raise RecordingError for what is not in its place."""
    if not isinstance(body, dict) or not isinstance(body.get("schema"), str):
        raise RecordingError(f"not a recording: expected the schema {SCHEMA}")
    if body["schema"] != SCHEMA:
        raise RecordingError(_other_form(body["schema"]))
    for part, is_right, expected in (
        ("questions", _is_entry, "an answer, or why there is none"),
        ("seconds", _is_span, "a number of seconds"),
    ):
        if not isinstance(body.get(part), dict):
            raise RecordingError(f"damaged at {part!r}; expected a mapping")
        for name, found in body[part].items():
            if not is_right(found):
                raise RecordingError(f"damaged at {name!r} of {part}; expected {expected}")


def _is_span(spent: Any) -> bool:
    return type(spent) in (int, float) and 0 <= spent < LONGEST


def _is_entry(kept: Any) -> bool:
    """Tell whether it is one answer, or one fault with its text."""
    if not isinstance(kept, dict):
        return False
    ((name, said), *more) = kept.items() or [("", None)]
    return not more and (name == "answer" or (name in FAULTS and isinstance(said, str)))


def _moment(text: Any) -> datetime:
    try:
        now = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        now = datetime.min
    if now.utcoffset() is None:
        raise RecordingError("damaged at 'now'; expected a time with its offset from UTC")
    return now


def _check_values(question: Question[Any], answer: Any) -> None:
    """Raise DNSException or ValueError for values of DNS that no server can have sent."""
    if isinstance(question, DnsQuery) and question.type != "TXT":
        for value in answer.values:
            from_text(IN, question.type, value)
    elif isinstance(question, AuthoritativeQuery) and question.type != "TXT":
        said = [one for one in answer.values() if isinstance(one, Answer)]
        for value in (value for one in said for value in one.values):
            from_text(IN, question.type, value)


def _other_form(schema: str) -> str:
    if schema.startswith("mailconf.recording/"):
        return f"recorded by another version of mailconf ({schema}); record it again: this one reads {SCHEMA}"
    return f"expected schema {SCHEMA}, not {schema}"
