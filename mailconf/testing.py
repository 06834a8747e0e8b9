"""A world of dictionaries and short ways to a spec, for tests here and in third-party plugins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from mailconf.formats.names import is_under
from mailconf.model.address import reading
from mailconf.model.domain import NAME
from mailconf.model.endpoint import Listener
from mailconf.model.finding import Finding
from mailconf.model.host import KEY
from mailconf.model.plugin import Scopes, View
from mailconf.model.spec import Spec
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
    Trip,
)

OptionsT = TypeVar("OptionsT", bound=BaseModel)
REFUSAL = Reply("550", ("5.1.1 no",))
NOT_FOUND = Page(404, "text/html", "<h1>Not Found</h1>")


@dataclass(frozen=True, slots=True)
class FakeWorld:
    """Answers from dictionaries; what is in `silent` never answers, what is in `closed` refuses.

    Names in `broken` cannot be resolved (SERVFAIL), those in `bogus` for want of right signatures.

    `zones` maps (absolute name in small letters, type) to values; `sessions` maps str(listener) to facts.
    `pages` are fetched, at one address if the key is `URL [ADDRESS]`, and with any query unless the key
    has one; `posted` answer whoever posts.
    `replies` are to envelopes at every listener, which are otherwise refused. `injectable` and `opened`
    hold str(listener): what answers a command sent before TLS, and which listeners somebody sits behind.
    `agreements` are by (str(listener), offer), `logins` by (str(listener), str(account)), `journeys` and
    `smugglers` by str(trip); nobody else logs in.
    """

    zones: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    sessions: Mapping[str, Session] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    posted: Mapping[str, Page] = field(default_factory=dict)
    replies: Mapping[Envelope, Reply] = field(default_factory=dict)
    injectable: Mapping[str, str] = field(default_factory=dict)
    agreements: Mapping[tuple[str, Offer], Agreement] = field(default_factory=dict)
    logins: Mapping[tuple[str, str], Session] = field(default_factory=dict)
    journeys: Mapping[str, Journey] = field(default_factory=dict)
    smugglers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    bogus: frozenset[str] = frozenset()
    now: datetime = datetime(2026, 11, 24, tzinfo=UTC)
    ttl: int = 3600
    authority: FakeWorld | None = None

    async def dns(self, name: str, rtype: str) -> Answer:
        """Return the faked values."""
        self._answers(name)
        low = name.lower()
        values = self.zones.get((low, rtype), ())
        exists = any(is_under(known, low) for known, _ in self.zones)
        return Answer(tuple(sorted(values)), exists=exists, ttl=self.ttl)

    async def answers(self, name: str, rtype: str) -> Mapping[str, Answer | CannotTell]:
        """Return what the one server of every zone holds: what `authority` says, else the same."""
        return {"ns.example.": await (self.authority or self).dns(name, rtype)}

    async def session(self, listener: Listener) -> Session:
        """Return the faked facts."""
        self._answers(str(listener))
        return self.sessions[str(listener)]

    async def page(self, url: str, xml: str = "", at: str = "") -> Page:
        """Return the faked page."""
        self._answers(url)
        self._answers(f"{url} [{at}]")
        file = self.pages.get(url.partition("?")[0], NOT_FOUND)
        found = self.pages.get(f"{url} [{at}]") or self.pages.get(url) or file
        return self.posted.get(url, NOT_FOUND) if xml else found

    async def transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        """Return the faked replies."""
        self._answers(str(listener))
        return {one: self.replies.get(one, REFUSAL) for one in envelopes}

    async def login(self, listener: Listener, account: Account) -> Session:
        """Return the faked facts."""
        self._answers(str(listener))
        try:
            return self.logins[str(listener), str(account)]
        except KeyError:
            raise NotAsked("nobody logs in") from None

    async def journey(self, trip: Trip) -> Journey:
        """Return how it went."""
        self._answers(str(trip.by))
        try:
            return self.journeys[str(trip)]
        except KeyError:
            raise NotAsked("nobody logs in") from None

    async def smuggled(self, trip: Trip) -> tuple[str, ...]:
        """Return what ends a message."""
        self._answers(str(trip.by))
        try:
            return self.smugglers[str(trip)]
        except KeyError:
            raise NotAsked("nobody logs in") from None

    async def injected(self, listener: Listener) -> str:
        """Return the faked answer."""
        self._answers(str(listener))
        return self.injectable.get(str(listener), "")

    async def agreed(self, listener: Listener, offer: Offer) -> Agreement:
        """Return the faked agreement."""
        self._answers(str(listener))
        return self.agreements.get((str(listener), offer), Agreement())

    async def knock(self, listener: Listener) -> Port:
        """Tell whether somebody is there."""
        if str(listener) in self.silent:
            return "silent"
        return "open" if str(listener) in self.opened else "refused"

    def _answers(self, what: str) -> None:
        if what in self.silent:
            raise CannotTell(f"{what}: no answer in time")
        if what in self.bogus:
            raise Bogus(f"{what}: SERVFAIL")
        if what in self.broken:
            raise ServerFailure(f"{what}: SERVFAIL")
        if what in self.closed:
            raise Refused(f"{what} refused the connection")


@dataclass(frozen=True, slots=True)
class FakeAuthorities:
    """A zone's servers by name, each with what it holds; the first one speaks for all else."""

    servers: Mapping[str, FakeWorld]

    @property
    def now(self) -> datetime:
        """The first server's time."""
        return self._first.now

    @property
    def _first(self) -> FakeWorld:
        return next(iter(self.servers.values()))

    async def dns(self, name: str, rtype: str) -> Answer:
        """Return what the first server holds."""
        return await self._first.dns(name, rtype)

    async def answers(self, name: str, rtype: str) -> Mapping[str, Answer | CannotTell]:
        """Return what every server holds, or its silence."""
        found: dict[str, Answer | CannotTell] = {}
        for server, world in self.servers.items():
            try:
                found[server] = await world.dns(name, rtype)
            except CannotTell as silence:
                found[server] = silence
        return found

    async def session(self, listener: Listener) -> Session:
        """Return the faked facts."""
        return await self._first.session(listener)

    async def page(self, url: str, xml: str = "", at: str = "") -> Page:
        """Return the faked page."""
        return await self._first.page(url, xml, at)

    async def transactions(
        self, listener: Listener, envelopes: tuple[Envelope, ...]
    ) -> Mapping[Envelope, Reply]:
        """Try envelopes in one session."""
        return await self._first.transactions(listener, envelopes)

    async def login(self, listener: Listener, account: Account) -> Session:
        """Log in, and look around."""
        return await self._first.login(listener, account)

    async def journey(self, trip: Trip) -> Journey:
        """Send a message round."""
        return await self._first.journey(trip)

    async def smuggled(self, trip: Trip) -> tuple[str, ...]:
        """Try other ends of data."""
        return await self._first.smuggled(trip)

    async def injected(self, listener: Listener) -> str:
        """Send a command together with STARTTLS."""
        return await self._first.injected(listener)

    async def agreed(self, listener: Listener, offer: Offer) -> Agreement:
        """Offer little."""
        return await self._first.agreed(listener, offer)

    async def knock(self, listener: Listener) -> Port:
        """Connect and hang up."""
        return await self._first.knock(listener)


def spec_of(**changes: Any) -> Spec:
    """Return a spec of one host and one domain with two mailboxes; `changes` replace sections."""
    data: dict[str, Any] = {
        "version": 1,
        "hosts": {"mail": {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}},
        "domains": {"example.org": {"mailboxes": {"alice": {}, "bob": {}}}},
    } | changes
    for section, key in (("hosts", KEY), ("domains", NAME)):
        data[section] = {name: {**body, key: name} for name, body in data[section].items()}
    return Spec.model_validate(data, context=reading(data["domains"]))


def view_of(spec: Spec, options: OptionsT, **parts: Any) -> View[OptionsT]:
    """Return a view with the same options everywhere; `parts` are `settings` and `records`."""
    return View(spec, options, Scopes(options), **parts)


async def gathered(findings: AsyncIterator[Finding]) -> list[Finding]:
    """Return all findings of a check."""
    return [finding async for finding in findings]
