"""The only window to the outside: ask a question, get an observation."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from mailconf.model.question import Question

T = TypeVar("T")


class Inconclusive(Exception):
    """The world did not answer, so nothing can be concluded."""


class ServerFailure(Inconclusive):
    """The resolver says so (SERVFAIL)."""


class DnssecBogus(ServerFailure):
    """The resolver has an answer, and refuses it: it does not validate (RFC 4035 §5.5)."""


class ResponseTooLarge(Inconclusive):
    """A page holds more than anybody reads."""


class ConnectionRejected(Exception):
    """The other side answered that it does not talk to us: connection refused, no route to a port."""


class NotApplicable(Exception):
    """The question is none for this world: nobody serves mail in a rendered tree."""


class World(Protocol):
    """Whoever answers questions: the network, a recording, a rendered tree, a test.

    What stands before another world (a cache, a recorder) is a world as well: it has this one method.
    """

    @property
    def now(self) -> datetime:
        """The time at which expiry is judged; always with a time zone."""
        ...

    async def ask(self, question: Question[T]) -> T:
        """Return the answer; equal questions are asked once per run.

        Raises Inconclusive on silence, ConnectionRejected when a connection is refused, and NotApplicable where this
        world does not answer such questions.
        """
        ...
