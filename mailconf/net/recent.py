"""Answers at hand: equal questions are asked once, as long as that is not too long ago."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from mailconf.model.world import CannotTell

T = TypeVar("T")
MOST = 10_000
"""Answers in a generation, of which two are kept: a hundred thousand domains need not lie in memory."""


class Recent(Generic[T]):
    """Whoever asks for what somebody asks for already, or did, gets the same; silence is an answer too."""

    def __init__(self, ask: Callable[[str, str], Awaitable[T]]) -> None:
        self._ask = ask
        self._young: dict[tuple[str, str], T | CannotTell] = {}
        self._old: dict[tuple[str, str], T | CannotTell] = {}
        self._under_way: dict[tuple[str, str], list[asyncio.Future[None]]] = {}

    async def get(self, name: str, rtype: str) -> T:
        """Return the answer to a question; raises CannotTell."""
        key = name, rtype
        while key in self._under_way:
            await self._turn(key)
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
        if found is None:
            waiting = self._under_way[key] = []
            try:
                found = await self._ask(name, rtype)
            except CannotTell as silence:
                found = silence
            finally:
                del self._under_way[key]
                for turn in waiting:
                    turn.cancel()
            self._keep(key, found)
        if isinstance(found, CannotTell):
            raise found.with_traceback(None)
        return found

    async def _turn(self, key: tuple[str, str]) -> None:
        """Wait for whoever asks; was he interrupted, which is none of our business, it is our turn."""
        turn = asyncio.get_running_loop().create_future()
        self._under_way[key].append(turn)
        await asyncio.wait((turn,))

    def _keep(self, key: tuple[str, str], found: T | CannotTell) -> None:
        if len(self._young) >= MOST:
            self._young, self._old = {}, self._young
        self._young[key] = found
