"""Answers are told once, to whoever still wants them."""

import asyncio

from mailconf.net.callbacks import Tasks, settle


async def answer(what: str) -> str:
    await asyncio.sleep(0)
    if what == "bug":
        raise KeyError(what)
    return what


async def test_what_comes_of_a_task_is_told() -> None:
    tasks, told = Tasks(), asyncio.Queue[str | Exception]()
    for what in ("one", "bug"):
        tasks.begin(answer(what), told.put_nowait)
    found = [await told.get() for _ in range(2)]
    assert list(map(repr, found)) == ["'one'", "KeyError('bug')"]


async def test_who_has_gone_is_told_nothing() -> None:
    told: asyncio.Future[str | Exception] = asyncio.get_running_loop().create_future()
    told.cancel()
    settle(told, "too late")
    assert told.cancelled()
