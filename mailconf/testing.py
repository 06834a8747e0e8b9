"""A world of dictionaries and short ways to a spec, for tests here and in third-party plugins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from mailconf.formats.names import is_under
from mailconf.model.address import reading
from mailconf.model.domain import NAME
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.host import KEY
from mailconf.model.plugin import Scopes, View
from mailconf.model.question import Question
from mailconf.model.questions.delivery import DeliveryReport, SendProbe, SmugglingProbe
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery, Servers
from mailconf.model.questions.logins import AuthenticatedSession
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.questions.ports import Port, PortProbe
from mailconf.model.questions.sessions import Reply, ServerSession, Session
from mailconf.model.questions.tls import NegotiatedTls, Offer, StarttlsInjection, TlsNegotiation
from mailconf.model.questions.transactions import Envelope, SmtpTransactions
from mailconf.model.spec import Spec
from mailconf.model.world import (
    ConnectionRejected,
    DnssecBogus,
    Inconclusive,
    NotApplicable,
    ServerFailure,
)

T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)
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
    `said` answers all questions of a class by a call, which may raise as well; it comes before all else.
    `agreements` are by (str(listener), offer), `logins` by (str(listener), str(account)), `journeys` and
    `smugglers` by str(trip); nobody else logs in.
    """

    zones: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    sessions: Mapping[str, Session] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    posted: Mapping[str, Page] = field(default_factory=dict)
    replies: Mapping[Envelope, Reply] = field(default_factory=dict)
    injectable: Mapping[str, str] = field(default_factory=dict)
    agreements: Mapping[tuple[str, Offer], NegotiatedTls] = field(default_factory=dict)
    logins: Mapping[tuple[str, str], Session] = field(default_factory=dict)
    journeys: Mapping[str, DeliveryReport] = field(default_factory=dict)
    smugglers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    bogus: frozenset[str] = frozenset()
    now: datetime = datetime(2026, 11, 24, tzinfo=UTC)
    ttl: int = 3600
    authority: FakeWorld | None = None
    said: Mapping[type[Question[Any]], Callable[[Any], Any]] = field(default_factory=dict)

    async def ask(self, question: Question[T]) -> T:
        """Return the faked answer."""
        own = self.said.get(type(question))
        answered: T = own(question) if own else FAKES[type(question)](self, question)
        return answered

    def _dns(self, question: DnsQuery) -> Answer:
        self._answers(question.name)
        low = question.name.lower()
        values = self.zones.get((low, question.type), ())
        exists = any(is_under(known, low) for known, _ in self.zones)
        return Answer(tuple(sorted(values)), exists=exists, ttl=self.ttl)

    def _authoritative(self, question: AuthoritativeQuery) -> Servers:
        """Return what the one server of every zone holds: what `authority` says, else the same."""
        query = DnsQuery(question.name, question.type)
        return {"ns.example.": (self.authority or self)._dns(query)}

    def _page(self, question: PageRequest) -> Page:
        url, key = question.url, f"{question.url} [{question.at}]"
        self._answers(url)
        self._answers(key)
        file = self.pages.get(url.partition("?")[0], NOT_FOUND)
        found = self.pages.get(key) or self.pages.get(url) or file
        return self.posted.get(url, NOT_FOUND) if question.xml else found

    def _session(self, question: ServerSession) -> Session:
        return self.sessions[self._at(question.listener)]

    def _replies(self, question: SmtpTransactions) -> Mapping[Envelope, Reply]:
        self._at(question.listener)
        return {one: self.replies.get(one, REFUSAL) for one in question.envelopes}

    def _login(self, question: AuthenticatedSession) -> Session:
        return _of_account(self.logins, (self._at(question.listener), str(question.account)))

    def _journey(self, question: SendProbe) -> DeliveryReport:
        self._at(question.trip.by)
        return _of_account(self.journeys, str(question.trip))

    def _smuggled(self, question: SmugglingProbe) -> tuple[str, ...]:
        self._at(question.trip.by)
        return _of_account(self.smugglers, str(question.trip))

    def _injected(self, question: StarttlsInjection) -> str:
        return self.injectable.get(self._at(question.listener), "")

    def _agreed(self, question: TlsNegotiation) -> NegotiatedTls:
        return self.agreements.get((self._at(question.listener), question.offer), NegotiatedTls())

    def _port(self, question: PortProbe) -> Port:
        if str(question.listener) in self.silent:
            return "silent"
        return "open" if str(question.listener) in self.opened else "refused"

    def _at(self, listener: EndpointAddress) -> str:
        self._answers(str(listener))
        return str(listener)

    def _answers(self, what: str) -> None:
        if what in self.silent:
            raise Inconclusive(f"{what}: timed out")
        if what in self.bogus:
            raise DnssecBogus(f"{what}: SERVFAIL")
        if what in self.broken:
            raise ServerFailure(f"{what}: SERVFAIL")
        if what in self.closed:
            raise ConnectionRejected(f"{what} refused the connection")


FAKES: Mapping[type[Question[Any]], Callable[[FakeWorld, Any], Any]] = {
    DnsQuery: lambda world, question: world._dns(question),
    AuthoritativeQuery: FakeWorld._authoritative,
    PageRequest: FakeWorld._page,
    ServerSession: FakeWorld._session,
    SmtpTransactions: FakeWorld._replies,
    AuthenticatedSession: FakeWorld._login,
    SendProbe: FakeWorld._journey,
    SmugglingProbe: FakeWorld._smuggled,
    StarttlsInjection: FakeWorld._injected,
    TlsNegotiation: FakeWorld._agreed,
    PortProbe: FakeWorld._port,
}


def _of_account(answers: Mapping[Key, T], key: Key) -> T:
    try:
        return answers[key]
    except KeyError:
        raise NotApplicable("no login") from None


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

    async def ask(self, question: Question[T]) -> T:
        """Return what every server holds, or its silence; all else the first one says."""
        if not isinstance(question, AuthoritativeQuery):
            return await self._first.ask(question)
        found: dict[str, Answer | Inconclusive] = {}
        for server, world in self.servers.items():
            try:
                found[server] = world._dns(DnsQuery(question.name, question.type))
            except Inconclusive as silence:
                found[server] = silence
        answered: T = found  # type: ignore[assignment]
        return answered


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
