"""Equal questions are asked once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from mailconf.model.world import Inconclusive
from mailconf.net.once import Once


async def test_all_who_ask_get_the_answer_of_the_first() -> None:
    asked: list[str] = []
    once = Once()

    def asking(key: str) -> Callable[[], Awaitable[str]]:
        async def ask() -> str:
            asked.append(key)
            await asyncio.sleep(0)
            return key

        return ask

    keys = ["a", "a", "b"]
    told = await asyncio.gather(*(once.get(key, asking(key)) for key in keys))
    assert (told, asked) == (keys, ["a", "b"])
    assert await once.get("a", asking("c")) == "a"


async def test_a_failure_is_an_answer_too() -> None:
    asked: list[int] = []
    once = Once()

    async def ask() -> int:
        asked.append(1)
        raise Inconclusive("silent")

    for _ in range(2):
        with pytest.raises(Inconclusive, match="silent"):
            await once.get("a", ask)
    assert asked == [1]


async def test_whoever_is_cancelled_takes_nothing_from_the_others() -> None:
    ready, once = asyncio.Event(), Once()

    async def ask() -> str:
        await ready.wait()
        return "answer"

    first = asyncio.create_task(once.get("a", ask))
    second = asyncio.create_task(once.get("a", ask))
    await asyncio.sleep(0)
    first.cancel()
    ready.set()
    assert await second == "answer"
