"""Answers at hand: equal questions are asked once, as long as that is not too long ago."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from mailconf.model.world import Inconclusive
from mailconf.net.callbacks import Hear, settle

T = TypeVar("T")
MOST = 10_000
"""Answers in a generation, of which two are kept: a hundred thousand domains need not lie in memory."""
Begin = Callable[[str, str, Hear[T]], None]
"""Asks a question, and has the answer told once, or why there is none."""


class AnswerCache(Generic[T]):
    """Whoever asks for what somebody asks for already, or did, gets the same; silence is an answer too."""

    def __init__(self, begin: Begin[T]) -> None:
        self._begin = begin
        self._young: dict[tuple[str, str], T | Inconclusive] = {}
        self._old: dict[tuple[str, str], T | Inconclusive] = {}
        self._under_way: dict[tuple[str, str], list[Hear[T]]] = {}

    async def get(self, name: str, rtype: str) -> T:
        """Return the answer to a question; raises Inconclusive."""
        found: T | Exception | None = self._at_hand((name, rtype))
        if found is None:
            told: asyncio.Future[T | Exception] = asyncio.get_running_loop().create_future()
            self.tell(name, rtype, partial(settle, told))
            found = await told
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        return found

    def tell(self, name: str, rtype: str, hear: Hear[T]) -> None:
        """Have the answer told, at once when it is at hand."""
        key = name, rtype
        found = self._at_hand(key)
        if found is not None:
            hear(found)
        elif key in self._under_way:
            self._under_way[key].append(hear)
        else:
            self._under_way[key] = [hear]
            self._begin(name, rtype, partial(self._heard, key))

    def _at_hand(self, key: tuple[str, str]) -> T | Inconclusive | None:
        found = self._young.get(key)
        return self._old.get(key) if found is None else found

    def _heard(self, key: tuple[str, str], found: T | Exception) -> None:
        if not isinstance(found, Exception) or isinstance(found, Inconclusive):
            self._keep(key, found)
        for hear in self._under_way.pop(key):
            hear(found)

    def _keep(self, key: tuple[str, str], found: T | Inconclusive) -> None:
        if len(self._young) >= MOST:
            self._young, self._old = {}, self._young
        self._young[key] = found
