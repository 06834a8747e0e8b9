"""Equal questions share one task, and its answer; a failure is an answer too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Once:
    """What was asked already, by key."""

    def __init__(self) -> None:
        self._asked: dict[Hashable, asyncio.Future[Any]] = {}

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """Return the answer of the first who asked under this key."""
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(ask())
        # Shielded: one check that is cancelled must not take the answer from the others.
        found: T = await asyncio.shield(self._asked[key])
        return found
