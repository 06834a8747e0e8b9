"""What a check was told, kept until it is known whether anybody wants to see it."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from mailconf.model.endpoint import Listener
from mailconf.model.hiding import SECRETS
from mailconf.model.world import (
    Account,
    Agreement,
    Answer,
    CannotTell,
    Envelope,
    Journey,
    Offer,
    Page,
    Port,
    Refused,
    Reply,
    Session,
    Trip,
    World,
)

T = TypeVar("T")
MOST_LINES, MOST_SIGNS = 80, 300
"""Of evidence: enough for a session, not for what a hostile server makes of it."""


@dataclass(slots=True)
class Witness:
    """A World that remembers what one check heard from another one."""

    world: World
    heard: dict[str, object] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The time at which expiry is judged."""
        return self.world.now

    def lines(self) -> tuple[str, ...]:
        """Return what was heard, as people read it: protocol lines, records, pages."""
        found = [line for what, answer in self.heard.items() for line in _told(what, answer)]
        # Before it is cut: half of a secret would not be known for one.
        return tuple(_short(line) for line in SECRETS.lines(found[:MOST_LINES]))

    async def dns(self, name: str, rtype: str) -> Answer:
        """Ask, and remember what is published."""
        return await self._heard(f"{name} {rtype}", self.world.dns(name, rtype))

    async def answers(self, name: str, rtype: str) -> Mapping[str, Answer | CannotTell]:
        """Ask the zone's servers, and remember each."""
        found = await self.world.answers(name, rtype)
        self.heard.update({f"{server} {name} {rtype}": one for server, one in found.items()})
        return found

    async def session(self, listener: Listener) -> Session:
        """Hold a session, and remember what was said."""
        return await self._heard(str(listener), self.world.session(listener))

    async def login(self, listener: Listener, account: Account) -> Session:
        """Log in, and remember what was said."""
        return await self._heard(f"{listener} as {account}", self.world.login(listener, account))

    async def journey(self, trip: Trip) -> Journey:
        """Send a message round, and remember how it went."""
        return await self._heard(str(trip), self.world.journey(trip))

    async def smuggled(self, trip: Trip) -> tuple[str, ...]:
        """Try other ends of data."""
        found = await self.world.smuggled(trip)
        self.heard[f"{trip}: ends of data"] = ", ".join(found)
        return found

    async def page(self, url: str, xml: str = "", at: str = "") -> Page:
        """Fetch a page, and remember it."""
        where = f"{url} [{at}]" if at else url
        return await self._heard(where, self.world.page(url, xml, at))

    async def transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        """Try envelopes, and remember the replies."""
        found = await self.world.transactions(listener, envelopes)
        self.heard.update({f"{listener} {one}": reply for one, reply in found.items()})
        return found

    async def injected(self, listener: Listener) -> str:
        """Send a command together with STARTTLS."""
        what = f"{listener} to a command before TLS"
        return await self._heard(what, self.world.injected(listener))

    async def agreed(self, listener: Listener, offer: Offer) -> Agreement:
        """Offer little."""
        return await self._heard(f"{listener} to {offer}", self.world.agreed(listener, offer))

    async def knock(self, listener: Listener) -> Port:
        """Connect."""
        return await self._heard(f"{listener} to a connection", self.world.knock(listener))

    async def _heard(self, what: str, asked: Awaitable[T]) -> T:
        """Remember an answer, or why there was none: a refusal is what some findings rest on."""
        try:
            found = await asked
        except (CannotTell, Refused) as why:
            self.heard[what] = str(why)
            raise
        self.heard[what] = found
        return found


def _told(what: str, answer: object) -> list[str]:
    """Return one answer in lines; whatever has a transcript speaks for itself."""
    if isinstance(answer, Session):
        return [f"{what}:", *_chain(answer), *answer.transcript]
    if isinstance(answer, Answer):
        alias = f" ({answer.alias})" if answer.alias else ""
        return [f"{what}{alias}: {value}" for value in answer.values or ("nothing",)]
    if isinstance(answer, Page):
        return [f"{what}: {answer.status} {answer.content_type}", *answer.body.splitlines()]
    if isinstance(answer, Journey):
        head = [f"{what}: {answer.reply}"]
        for reader, arrival in answer.arrivals.items():
            head += [f"{reader}: in {arrival.folder}", *_header(arrival.message)]
        return head
    return [f"{what}: {answer or 'nothing'}"]


def _chain(session: Session) -> list[str]:
    """Return what the handshake showed, which no transcript has."""
    tls = session.tls
    if not tls:
        return []
    names, until = ", ".join(tls.names), tls.not_after.isoformat()
    fault = f", not trusted: {tls.fault}" if tls.fault else ""
    return [f"{tls.version} {tls.cipher}, certificate for {names} until {until}{fault}"]


def _header(message: str) -> list[str]:
    return message.partition("\r\n\r\n")[0].splitlines()


def _short(line: str) -> str:
    return line if len(line) <= MOST_SIGNS else f"{line[:MOST_SIGNS]}…"
