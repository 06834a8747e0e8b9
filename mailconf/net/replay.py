"""What the world said, kept in a file, and said again: the same report on another machine.

A document is JSON: `now`, and by question either `answer`, or why there was none: `cannot_tell`,
`refused` or `not_asked`. Sessions keep their transcripts, in which credentials are hidden.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from mailconf.model.endpoint import Listener
from mailconf.model.hiding import Hidden
from mailconf.model.world import (
    Account,
    Agreement,
    Answer,
    Bogus,
    CannotTell,
    Envelope,
    Journey,
    NotAsked,
    Offer,
    Page,
    Port,
    Refused,
    Reply,
    ServerFailure,
    Session,
    TooLong,
    Trip,
    World,
)

T = TypeVar("T")
SCHEMA = "mailconf.recording/1"
FAULTS: dict[str, type[Exception]] = {
    "bogus": Bogus,
    "server_failure": ServerFailure,
    "too_long": TooLong,
    "cannot_tell": CannotTell,
    "refused": Refused,
    "not_asked": NotAsked,
}


class RecordingError(ValueError):
    """The file is no recording; the message says why."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """One kind of question, and how its answers are written down."""

    name: str
    adapter: TypeAdapter[T]

    def key(self, *words: object) -> str:
        """Return a question as the document has it."""
        return " ".join([self.name, *map(str, words)])


DNS = Kind("dns", TypeAdapter(Answer))
SESSION = Kind("session", TypeAdapter(Session))
Servers = list[tuple[str, Answer | None, str]]
"""A server's name, its answer, or why there was none."""
ANSWERS: Kind[Servers] = Kind("answers", TypeAdapter(Servers))
LOGIN = Kind("login", TypeAdapter(Session))
JOURNEY = Kind("journey", TypeAdapter(Journey))
SMUGGLED: Kind[tuple[str, ...]] = Kind("smuggled", TypeAdapter(tuple[str, ...]))
PAGE = Kind("page", TypeAdapter(Page))
Pairs = list[tuple[Envelope, Reply]]
TRANSACTIONS: Kind[Pairs] = Kind("transactions", TypeAdapter(Pairs))
INJECTED = Kind("injected", TypeAdapter(str))
AGREED = Kind("agreed", TypeAdapter(Agreement))
KNOCK: Kind[Port] = Kind("knock", TypeAdapter(Port))


def _by_server(servers: Servers) -> dict[str, Answer | CannotTell]:
    return {server: answer or CannotTell(why) for server, answer, why in servers}


def _tried(listener: Listener, envelopes: Iterable[Envelope]) -> str:
    return TRANSACTIONS.key(listener, *map(str, envelopes))


def _fetched(url: str, xml: str, at: str) -> str:
    return PAGE.key(url, *([f"[{at}]"] if at else []), *xml.split())


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

    async def dns(self, name: str, rtype: str) -> Answer:
        """Ask, and keep what is published."""
        return await self._kept(DNS, DNS.key(name, rtype), self.world.dns(name, rtype))

    async def answers(self, name: str, rtype: str) -> Mapping[str, Answer | CannotTell]:
        """Ask the zone's servers, and keep what each of them says."""

        async def servers() -> Servers:
            found = await self.world.answers(name, rtype)
            return [
                (server, None, str(one)) if isinstance(one, CannotTell) else (server, one, "")
                for server, one in found.items()
            ]

        return _by_server(await self._kept(ANSWERS, ANSWERS.key(name, rtype), servers()))

    async def session(self, listener: Listener) -> Session:
        """Hold a session, and keep it."""
        return await self._kept(SESSION, SESSION.key(listener), self.world.session(listener))

    async def login(self, listener: Listener, account: Account) -> Session:
        """Log in, and keep what was seen."""
        asked = self.world.login(listener, account)
        return await self._kept(LOGIN, LOGIN.key(listener, account), asked)

    async def journey(self, trip: Trip) -> Journey:
        """Send a message round, and keep how it went."""
        return await self._kept(JOURNEY, JOURNEY.key(trip), self.world.journey(trip))

    async def smuggled(self, trip: Trip) -> tuple[str, ...]:
        """Try other ends of data, and keep those that were taken for one."""
        return await self._kept(SMUGGLED, SMUGGLED.key(trip), self.world.smuggled(trip))

    async def page(self, url: str, xml: str = "", at: str = "") -> Page:
        """Fetch a page, and keep it."""
        return await self._kept(PAGE, _fetched(url, xml, at), self.world.page(url, xml, at))

    async def transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        """Try envelopes, and keep the replies."""

        async def pairs() -> Pairs:
            return list((await self.world.transactions(listener, envelopes)).items())

        found: Pairs = await self._kept(TRANSACTIONS, _tried(listener, envelopes), pairs())
        return dict(found)

    async def injected(self, listener: Listener) -> str:
        """Send a command together with STARTTLS, and keep the answer."""
        return await self._kept(INJECTED, INJECTED.key(listener), self.world.injected(listener))

    async def agreed(self, listener: Listener, offer: Offer) -> Agreement:
        """Offer little, and keep what was agreed."""
        asked = self.world.agreed(listener, offer)
        return await self._kept(AGREED, AGREED.key(listener, offer), asked)

    async def knock(self, listener: Listener) -> Port:
        """Connect, and keep what was met."""
        return await self._kept(KNOCK, KNOCK.key(listener), self.world.knock(listener))

    async def _kept(self, kind: Kind[T], key: str, asked: Awaitable[T]) -> T:
        try:
            found = await asked
        except tuple(FAULTS.values()) as why:
            name = next(name for name, fault in FAULTS.items() if isinstance(why, fault))
            self.questions[key] = {name: str(why)}
            raise
        self.questions[key] = {"answer": kind.adapter.dump_python(found, mode="json")}
        return found


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
                raise RecordingError(f"wanted schema {SCHEMA}, not {body['schema']}")
            seconds = {str(name): float(spent) for name, spent in body["seconds"].items()}
            return cls(datetime.fromisoformat(body["now"]), dict(body["questions"]), seconds)
        except RecordingError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
            raise RecordingError(f"not a recording ({type(why).__name__}: {why})") from None

    async def dns(self, name: str, rtype: str) -> Answer:
        """Return what was published."""
        return self._said(DNS, DNS.key(name, rtype))

    async def answers(self, name: str, rtype: str) -> Mapping[str, Answer | CannotTell]:
        """Return what each of the zone's servers said."""
        return _by_server(self._said(ANSWERS, ANSWERS.key(name, rtype)))

    async def session(self, listener: Listener) -> Session:
        """Return the facts of the session that was held."""
        return self._said(SESSION, SESSION.key(listener))

    async def login(self, listener: Listener, account: Account) -> Session:
        """Return what a login showed."""
        return self._said(LOGIN, LOGIN.key(listener, account))

    async def journey(self, trip: Trip) -> Journey:
        """Return how a trip went."""
        return self._said(JOURNEY, JOURNEY.key(trip))

    async def smuggled(self, trip: Trip) -> tuple[str, ...]:
        """Return what was taken for an end of data."""
        return self._said(SMUGGLED, SMUGGLED.key(trip))

    async def page(self, url: str, xml: str = "", at: str = "") -> Page:
        """Return the page that was fetched."""
        return self._said(PAGE, _fetched(url, xml, at))

    async def transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        """Return the replies that envelopes had."""
        found: Pairs = self._said(TRANSACTIONS, _tried(listener, envelopes))
        return dict(found)

    async def injected(self, listener: Listener) -> str:
        """Return what was answered to a command before TLS."""
        return self._said(INJECTED, INJECTED.key(listener))

    async def agreed(self, listener: Listener, offer: Offer) -> Agreement:
        """Return what was agreed."""
        return self._said(AGREED, AGREED.key(listener, offer))

    async def knock(self, listener: Listener) -> Port:
        """Return what was met."""
        return self._said(KNOCK, KNOCK.key(listener))

    def _said(self, kind: Kind[T], key: str) -> T:
        kept = self.questions.get(key)
        if kept is None:
            raise CannotTell(f"the recording holds no answer to {key!r}")
        for name, fault in FAULTS.items():
            if name in kept:
                raise fault(str(kept[name]))
        try:
            return kind.adapter.validate_python(kept["answer"])
        except (ValidationError, KeyError) as why:
            raise CannotTell(f"the recording is damaged at {key!r}: {type(why).__name__}") from None
