"""Answers that are told by a call, and not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
Hear = Callable[[T | Exception], None]
"""Takes an answer, or why there is none; it is called once."""


class Tasks:
    """Questions that take more than one step, each in a task of its own: none of its listeners can interrupt it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def begin(self, asked: Awaitable[T], hear: Hear[T]) -> None:
        """Run to the end, and tell what came of it."""
        task = asyncio.get_running_loop().create_task(_run(asked, hear))
        self._running.add(task)
        task.add_done_callback(self._running.discard)


async def _run(asked: Awaitable[T], hear: Hear[T]) -> None:
    found: T | Exception
    try:
        found = await asked
    except Exception as why:
        found = why
    hear(found)


def settle(told: asyncio.Future[T | Exception], what: T | Exception) -> None:
    """Have a future hear, unless whoever waits for it has gone."""
    if not told.done():
        told.set_result(what)
