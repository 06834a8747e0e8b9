"""The World as it is: every question asked once a run, politely and within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from mailconf.model.question import Question
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.net import dns
from mailconf.net.answer_cache import AnswerCache
from mailconf.net.authenticated import Reveal
from mailconf.net.authorities import LiveAuthorities
from mailconf.net.callbacks import Hear
from mailconf.net.drivers import drivers
from mailconf.net.network import Network
from mailconf.net.resolvers import Resolver, resolver_of, system_resolvers
from mailconf.net.tls import Contexts

T = TypeVar("T")
SESSION_SECONDS = 15.0
EHLO_NAME = "mailconf-probe.invalid"


class LiveWorld:
    """Answers from the network.

    `resolver` is ADDRESS or ADDRESS:PORT of the one to ask, [ADDRESS]:PORT for IPv6; without it and
    without `resolvers` the system's are asked. `now` is the time of the call unless it is given.
    `connect` maps HOST or HOST:PORT to the ADDRESS or ADDRESS:PORT to reach it at; `source` is the local
    address to come from. `authorities` are trusted besides the system's, as PEM. `reveal` returns the password behind a reference; without it nobody logs in, and
    no mail is sent. With `public_only` no other address is connected to than those that the Internet
    reaches and those in `connect`.
    """

    def __init__(
        self,
        *,
        resolver: str = "",
        now: datetime | None = None,
        resolvers: tuple[Resolver, ...] = (),
        authorities: str = "",
        connect: Mapping[str, str] | None = None,
        ehlo_name: str = EHLO_NAME,
        source: str = "",
        seconds: float = SESSION_SECONDS,
        reveal: Reveal | None = None,
        public_only: bool = False,
    ) -> None:
        self.now = now or datetime.now(UTC)
        self._dns = dns.Asker(source)
        named = (resolver_of(resolver),) if resolver else resolvers
        self._names = AnswerCache(partial(self._dns.begin, named or system_resolvers()))
        self._network = Network(
            Contexts(authorities), dict(connect or {}), ehlo_name, source, seconds, public_only, reveal,
            self._names,
        )  # fmt: skip
        self._zones = LiveAuthorities(self, dns=self._dns, public_only=public_only)
        self._drivers = drivers()

    async def ask(self, question: Question[T]) -> T:
        """Return the answer of the network; DNS keeps its answers for a time, all else for the run."""
        found: Any
        if isinstance(question, DnsQuery):
            found = await self._names.get(question.name, question.type)
        elif isinstance(question, AuthoritativeQuery):
            found = await self._zones.answers(question.name, question.type)
        else:
            answer = partial(self._drivers[type(question)], question, self._network)
            found = await self._network.once.get(self._network.identity(question), answer)
        answered: T = found
        return answered

    def tell(self, name: str, rtype: str, hear: Hear[Answer]) -> None:
        """Ask a resolver, and have the answer told: cheaper than waiting for it, where many are asked."""
        self._names.tell(name, rtype, hear)
