"""Messages that are sent, awaited and removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.question import Question
from mailconf.model.questions.logins import Account
from mailconf.model.questions.sessions import Reply


@dataclass(frozen=True, slots=True)
class ProbeRoute:
    """A message to an account, its own after a login, a stranger's at port 25; read at others in turn.

    `seconds` is how long it may take; `author` stands in From:, where it is another."""

    account: Account
    by: EndpointAddress
    readers: tuple[EndpointAddress, ...]
    seconds: int
    author: str = ""

    def __str__(self) -> str:
        word = "as" if self.by.endpoint.protocol.is_submission else "to"
        return f"{self.by} {word} {self.account}{self.author and f', From: {self.author}'}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as a mailbox has it: when, since it was handed in, and in which folder.

    `message` holds its octets as Latin-1. `id` is the server's name for it (UIDVALIDITY and UID, POP3's unique
    id), and `id_again` that in a later session, empty when it was gone."""

    seconds: float
    folder: str
    message: str
    id: str = ""
    id_again: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How a trip went: the last reply of the submission, and what each reader found, by str(listener).

    Whoever could not tell is in `silences`, with the reason. `token` is a word of the message's subject;
    `left` says why the message could not be removed again."""

    token: str
    reply: Reply
    arrivals: Mapping[str, Delivery] = field(default_factory=dict)
    silences: Mapping[str, str] = field(default_factory=dict)
    left: str = ""


@dataclass(frozen=True, slots=True)
class SendProbe(Question[DeliveryReport]):
    """Send a message, wait until it is there, and remove it; raises as AuthenticatedSession does."""

    trip: ProbeRoute
    kind: ClassVar[str] = "journey"
    answer_type: ClassVar[Any] = DeliveryReport

    def __str__(self) -> str:
        return str(self.trip)

    def evidence(self, answer: DeliveryReport) -> Iterable[str]:
        """Return the reply, and the header of what arrived."""
        yield f"{self}: {answer.reply}"
        for reader, arrival in answer.arrivals.items():
            yield f"{reader}: in {arrival.folder}"
            yield from arrival.message.partition("\r\n\r\n")[0].splitlines()


@dataclass(frozen=True, slots=True)
class SmugglingProbe(Question[tuple[str, ...]]):
    """Which octets end a message, of those that must not (RFC 5321 §4.1.1.4).

    Each is put into a message of the account, on port 25 of nobody, to the account; what arrives is
    removed. Raises as AuthenticatedSession does.
    """

    trip: ProbeRoute
    kind: ClassVar[str] = "smuggled"
    answer_type: ClassVar[Any] = tuple[str, ...]

    def __str__(self) -> str:
        return str(self.trip)

    def evidence(self, answer: tuple[str, ...]) -> Iterable[str]:
        """Return the sequences."""
        return (f"{self}: ends of data: {', '.join(answer) or 'nothing'}",)
