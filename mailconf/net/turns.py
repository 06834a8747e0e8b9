"""Who logs in first: right passwords, then wrong ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Right passwords before wrong ones: servers slow down whoever comes from where one failed."""

    def __init__(self) -> None:
        self._right = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def right(self) -> AsyncIterator[None]:
        """Hold back those who come with a wrong one."""
        self._right += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._right -= 1
            if not self._right:
                self._idle.set()

    @asynccontextmanager
    async def wrong(self) -> AsyncIterator[None]:
        """Wait until nobody with a right one is at work; those that are about to begin come first."""
        await asyncio.sleep(0)
        await self._idle.wait()
        yield
