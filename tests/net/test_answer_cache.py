"""Equal questions are asked once, and whoever is interrupted takes the answer from nobody."""

import asyncio

import pytest

from mailconf.model.world import Inconclusive
from mailconf.net import answer_cache
from mailconf.net.answer_cache import AnswerCache
from mailconf.net.callbacks import Tasks


class Source:
    """Answers a question with how often it was asked anything, when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.let = asyncio.Event()

    async def __call__(self, _name: str, rtype: str) -> str:
        self.asked += 1
        number = self.asked
        await self.let.wait()
        if rtype == "NONE":
            raise Inconclusive(f"silence {number}")
        if rtype == "BUG":
            raise KeyError(f"bug {number}")
        return f"answer {number}"


def of(source: Source) -> AnswerCache[str]:
    tasks = Tasks()
    return AnswerCache(lambda name, rtype, hear: tasks.begin(source(name, rtype), hear))


async def test_who_asks_at_the_same_time_gets_the_same() -> None:
    source = Source()
    answers = of(source)
    asking = [asyncio.create_task(answers.get("a.", "A")) for _ in range(3)]
    await asyncio.sleep(0)
    source.let.set()
    assert await asyncio.gather(*asking) == ["answer 1"] * 3
    assert await answers.get("a.", "A") == "answer 1"
    assert await answers.get("a.", "TXT") == "answer 2"


async def test_silence_is_an_answer_too() -> None:
    source = Source()
    source.let.set()
    answers = of(source)
    for _ in range(2):
        with pytest.raises(Inconclusive, match="silence 1"):
            await answers.get("a.", "NONE")


async def test_who_is_interrupted_interrupts_nobody() -> None:
    source = Source()
    answers = of(source)
    first, *others = [asyncio.create_task(answers.get("a.", "A")) for _ in range(3)]
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    source.let.set()
    assert await asyncio.gather(*others) == ["answer 1"] * 2


async def test_an_answer_is_told_without_being_waited_for() -> None:
    source, told = Source(), list[str | Exception]()
    answers = of(source)
    answers.tell("a.", "A", told.append)
    answers.tell("a.", "A", told.append)
    source.let.set()
    assert (await answers.get("a.", "A"), told) == ("answer 1", ["answer 1"] * 2)
    answers.tell("a.", "A", told.append)
    assert told == ["answer 1"] * 3


async def test_a_bug_is_told_to_all_who_ask_and_not_kept() -> None:
    source = Source()
    answers = of(source)
    asking = [asyncio.create_task(answers.get("a.", "BUG")) for _ in range(2)]
    await asyncio.sleep(0)
    source.let.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert list(map(repr, found)) == ["KeyError('bug 1')"] * 2
    with pytest.raises(KeyError, match="bug 2"):
        await answers.get("a.", "BUG")


async def test_what_was_asked_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_cache, "MOST", 10)
    source = Source()
    source.let.set()
    answers = of(source)
    for number in range(25):
        await answers.get(f"a{number}.", "A")
    assert await answers.get("a24.", "A") == "answer 25"
    assert await answers.get("a0.", "A") == "answer 26"
