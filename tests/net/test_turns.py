"""Right passwords come before wrong ones."""

import asyncio
from typing import Any

from mailconf.net.turns import Turns


async def test_wrong_passwords_wait_for_right_ones() -> None:
    turns, order = Turns(), []

    async def come(turn: Any, who: str) -> None:
        async with turn:
            order.append(who)
            await asyncio.sleep(0)
            order.append(who)

    await asyncio.gather(
        come(turns.wrong(), "wrong"), come(turns.right(), "one"), come(turns.right(), "two")
    )
    assert order == ["one", "two", "one", "two", "wrong", "wrong"]
