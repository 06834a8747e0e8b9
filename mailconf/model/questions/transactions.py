"""SMTP transactions of a client that has not logged in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.question import Question, read, written
from mailconf.model.questions.sessions import Reply


@dataclass(frozen=True, slots=True, order=True)
class Envelope:
    """Who sends to whom, without angle brackets; an empty `sender` is the null reverse-path."""

    sender: str
    recipient: str

    def __str__(self) -> str:
        return f"<{self.sender}> to <{self.recipient}>"


Replies = Mapping[Envelope, Reply]


@dataclass(frozen=True, slots=True)
class SmtpTransactions(Question[Replies]):
    """Envelopes without a login, as far as RCPT, in one session, inside TLS where that is offered.

    Each has the last reply; those that the session did not get to are missing.
    """

    listener: EndpointAddress
    envelopes: tuple[Envelope, ...]
    kind: ClassVar[str] = "transactions"
    answer_type: ClassVar[Any] = list[tuple[Envelope, Reply]]

    def __str__(self) -> str:
        return " ".join(map(str, (self.listener, *self.envelopes)))

    def encode(self, answer: Replies) -> Any:
        """Return pairs: JSON has texts alone for keys."""
        return written(self.answer_type, list(answer.items()))

    def decode(self, data: Any) -> Replies:
        """Return the replies by envelope."""
        return dict(read(self.answer_type, data))

    def evidence(self, answer: Replies) -> Iterable[str]:
        """Return a line for each envelope."""
        return (f"{self.listener} {one}: {reply}" for one, reply in answer.items())
