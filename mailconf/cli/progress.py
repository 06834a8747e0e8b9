"""Progress on stderr for whatever takes longer than a moment; where it is no terminal, only of what takes minutes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from mailconf.cli.say import say as say_line
from mailconf.model.hiding import SECRETS
from mailconf.report.foreign import one_line
from mailconf.report.text import span

EXACT_SECONDS = 120
"""Up to here people want to know the seconds."""


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Show a spinner with the current step; yields the function that names the step."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _step: None
        return
    with console.status(title, spinner=_spinner(console)) as status:
        yield lambda step: status.update(Text(shown(f"{title}: {step}")))


@contextmanager
def announced(title: str) -> Iterator[Callable[[str], None]]:
    """Show what takes minutes: as `progress` does, and line by line where there is no terminal."""
    if Console(stderr=True).is_terminal:
        with progress(title) as say:
            yield say
    else:
        yield lambda step: say_line(f"{title}: {step}", err=True)


@contextmanager
def counted(title: str, total: int) -> Iterator[Callable[[Iterable[str]], None]]:
    """Show how far it is; yields the function that counts one more, and shows its lines for good."""
    console, begun, done = Console(stderr=True), time.monotonic(), 0
    if not console.is_terminal:
        yield lambda _lines: None
        return
    with console.status(title, spinner=_spinner(console)) as status:

        def count(lines: Iterable[str]) -> None:
            nonlocal done
            done += 1
            for line in lines:
                console.print(Text(shown(line)), soft_wrap=True)
            status.update(f"{title}: {pace(done, total, time.monotonic() - begun)}")

        yield count


def _spinner(console: Console) -> str:
    """Return one that the terminal's encoding has."""
    return "dots" if console.encoding.startswith("utf") else "line"


def shown(line: str) -> str:
    """Return a line for a terminal; nothing in it is taken for markup or a command."""
    return one_line(SECRETS.hide(line))


def pace(done: int, total: int, seconds: float) -> str:
    """Say how many of all are done after some seconds, how fast that is, and what is left."""
    told = f"{done} of {total}"
    if not done or seconds < 1:
        return told
    rate = done / seconds
    left = round((total - done) / rate)
    left -= left % 60 if left > EXACT_SECONDS else 0
    return f"{told}, {rate:.0f}/s, {span(left)} left" if left else f"{told}, {rate:.0f}/s"
