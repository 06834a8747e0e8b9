"""The DNS as the zones' own servers have it, each of them asked by name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from mailconf.formats.names import parent
from mailconf.model.question import Question
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.model.world import Inconclusive, World
from mailconf.net.answer_cache import AnswerCache
from mailconf.net.callbacks import Hear, Tasks
from mailconf.net.dns import Asker, NotItsZoneError
from mailconf.net.public import check_public
from mailconf.net.resolvers import DNS_PORT, Resolver

MOST_ALIASES = 8
T = TypeVar("T")
AT_ONCE = 50


class LiveAuthorities:
    """A World whose DNS answers come from the zones' servers, found through the one given.

    `servers` take the place of those that NS records name, in the zones that they serve: hidden
    primaries, split horizon. With `public_only` servers that NS records name are asked at public
    addresses alone.
    """

    def __init__(
        self,
        world: World,
        servers: tuple[Resolver, ...] = (),
        dns: Asker | None = None,
        *,
        public_only: bool = False,
    ) -> None:
        self._world = world
        self._servers = servers
        self._public_only = public_only
        self._dns = dns or Asker()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._tasks = Tasks()
        self._told = AnswerCache(self._begin)

    @property
    def now(self) -> datetime:
        """The time at which expiry is judged."""
        return self._world.now

    async def ask(self, question: Question[T]) -> T:
        """Ask the zones' servers for what DNS holds, and the world given for all else."""
        found: Any
        if isinstance(question, DnsQuery):
            found = await self._first(question.name, question.type)
        elif isinstance(question, AuthoritativeQuery):
            found = await self.answers(question.name, question.type)
        else:
            found = await self._world.ask(question)
        answered: T = found
        return answered

    async def _first(self, name: str, rtype: str) -> Answer:
        """Return what the first server says that answers."""
        found = await self.answers(name, rtype)
        told = [answer for answer in found.values() if isinstance(answer, Answer)]
        if not told:
            raise Inconclusive("; ".join(map(str, found.values())))
        return told[0]

    async def answers(self, name: str, rtype: str) -> Mapping[str, Answer | Inconclusive]:
        """Ask every server of the zone that holds `name`; aliases are followed into other zones."""
        return await self._told.get(name.lower(), rtype)

    def _begin(
        self, name: str, rtype: str, hear: Hear[Mapping[str, Answer | Inconclusive]]
    ) -> None:
        self._tasks.begin(self._all(name, rtype), hear)

    async def _all(
        self, name: str, rtype: str, left: int = MOST_ALIASES
    ) -> Mapping[str, Answer | Inconclusive]:
        given = {f"{host} port {port}": ((host, port),) for host, port in self._servers}
        found = await self._each(name, rtype, given)
        if all(isinstance(answer, NotItsZoneError) for answer in found.values()):
            found = await self._delegated(name, rtype) or found
        away = next(
            (a.alias for a in found.values() if isinstance(a, Answer) and _leads_away(a)), ""
        )
        if away and left:
            return await self._all(away, rtype, left - 1)
        return found

    async def _delegated(self, name: str, rtype: str) -> Mapping[str, Answer | Inconclusive]:
        """Ask those that NS records name; nobody when servers were given and none are named."""
        try:
            return await self._each(name, rtype, await self._servers_of(name))
        except Inconclusive:
            if not self._servers:
                raise
            return {}

    async def _each(
        self, name: str, rtype: str, servers: Mapping[str, tuple[Resolver, ...]]
    ) -> Mapping[str, Answer | Inconclusive]:
        told = await asyncio.gather(*(self._ask(name, rtype, s) for s in servers.values()))
        return dict(zip(servers, told, strict=True))

    async def _ask(
        self, name: str, rtype: str, server: tuple[Resolver, ...]
    ) -> Answer | Inconclusive:
        try:
            for address, _ in set(server) - set(self._servers) if self._public_only else ():
                check_public(address, "a server of the zone")
            async with self._at_once:
                return await self._dns.ask_server(server, name, rtype)
        except Inconclusive as silence:
            return silence

    async def _servers_of(self, name: str) -> dict[str, tuple[Resolver, ...]]:
        """Return the addresses of each server of the zone that holds a name."""
        zone = name
        while True:
            found = await self._world.ask(DnsQuery(zone, "NS"))
            if found.values and not found.alias:
                return {server: await self._addresses(server) for server in found.values}
            if zone == ".":
                raise Inconclusive(f"no delegated zone contains {name}")
            zone = parent(zone)

    async def _addresses(self, server: str) -> tuple[Resolver, ...]:
        found = [await self._world.ask(DnsQuery(server, rtype)) for rtype in ("A", "AAAA")]
        return tuple((value, DNS_PORT) for answer in found for value in answer.values)


def _leads_away(answer: Answer) -> bool:
    return bool(answer.alias) and not answer.values
