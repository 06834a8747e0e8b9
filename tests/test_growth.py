"""Ten times the site costs ten times the work: no function walks everything for each of many things.

What is counted is executed lines: they are the same on every machine, busy or not. What one line may hide
in Python's own loops (a copy of all names, a search in a list) only a processor counts, so whole commands
are compared by their CPU time as well, at sizes where such a line outweighs all else.
"""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from benchmarks.estates import Estate
from mailconf.disk.folder import Folder
from mailconf.engine.build import build, read
from mailconf.engine.render import Renderer
from mailconf.engine.run import attempt
from mailconf.engine.verify import jobs
from mailconf.engine.waive import idle, waive
from mailconf.engine.write import compare, tree
from mailconf.model.outcome import Report
from mailconf.model.spec import Waiver
from mailconf.report.text import render
from mailconf.testing import FakeWorld

MOST = 13
"""How much more work ten times as much may be."""
FEW = 300
"""Lines that say nothing: what is done once, and differs by chance."""
Grown = tuple[Callable[[int], Estate], int]
OURS = (f"{Path(__file__).parents[1] / 'mailconf'}/", ".j2")


def lint_and_render(spec: Path) -> object:
    made = build(read(spec), Renderer())
    waivers = tuple(
        Waiver(code="ADR004", where=f"domains.{name}", reason="x") for name in made.spec.domains
    )
    today = FakeWorld().now.date()
    left = waive(made.findings, waivers, today)
    told = (*left, *idle(made.findings, waivers, today, frozenset()))
    compare(tree(made, None), Folder(spec.parent / "out"))
    return render(Report("lint", str(spec), told))


def verify(spec: Path) -> object:
    parsed = read(spec)
    made = build(parsed, Renderer())

    async def run() -> list[object]:
        return [await attempt(job) for job in jobs(parsed, made, FakeWorld())]

    return asyncio.run(run())


def lines(work: Callable[[Path], object], spec: Path) -> Counter[str]:
    """Return how many lines of each of our functions, and of our templates, are executed."""
    found: Counter[CodeType] = Counter()

    def line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            found[frame.f_code] += 1
        return line

    def call(frame: FrameType, _event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        return line if file.startswith(OURS[0]) or file.endswith(OURS[1]) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        work(spec)
    finally:
        sys.settrace(before)
    # Templates are compiled anew for each build: the same place is another object then.
    placed: Counter[str] = Counter()
    for code, count in found.items():
        placed[f"{code.co_filename}:{code.co_firstlineno} {code.co_name}"] += count
    return placed


def growing(work: Callable[[Path], object], grown: Grown, directory: Path) -> list[str]:
    """Return the functions that do more than in proportion, from no more to some and ten times as much."""
    grow, size = grown
    spent: list[Counter[str]] = []
    for more in (0, size, 10 * size):
        spec = grow(more).write(directory / str(more))
        spent.append(lines(work, spec))
    none, some, many = spent
    return [
        f"{place}: {some[place] - none[place]} -> {count - none[place]}"
        for place, count in many.items()
        if count - none[place] > MOST * (some[place] - none[place]) + FEW
    ]


GROWN: dict[str, Grown] = {
    "domains": (lambda n: Estate(domains=2 + n), 4),
    "busy domains": (lambda n: Estate(domains=2 + n, busy=True), 3),
    "domains in a file each": (lambda n: Estate(domains=2 + n, includes=2 + n), 3),
    "hosts": (lambda n: Estate(1, hosts=4 + n), 3),
    "stores": (lambda n: Estate(1, stores=1 + n), 3),
    "mailboxes": (lambda n: Estate(1, mailboxes=n), 20),
    "aliases": (lambda n: Estate(1, aliases=n), 50),
    "aliases of aliases": (lambda n: Estate(1, layers=1 + n), 3),
    "a circle of aliases": (lambda n: Estate(1, circle=2 + n), 50),
    "records": (lambda n: Estate(1, texts=1 + n), 50),
    "users without mail": (lambda n: Estate(2, mailboxes=n, mail="none"), 20),
    "users that only send": (lambda n: Estate(2, mailboxes=n, mail="send-only"), 20),
    "senders": (lambda n: Estate(1, senders=1 + n), 20),
}


@pytest.mark.parametrize("name", GROWN)
def test_ten_times_the_site_is_rendered_with_ten_times_the_work(name: str, tmp_path: Path) -> None:
    assert growing(lint_and_render, GROWN[name], tmp_path) == []


@pytest.mark.parametrize("name", ["domains", "busy domains", "hosts"])
def test_ten_times_the_site_is_verified_with_ten_times_the_work(name: str, tmp_path: Path) -> None:
    assert growing(verify, GROWN[name], tmp_path) == []


NONE, SMALL, LARGE = 2, 200, 2_000
MOST_CPU = 16
"""More than lines: the caches of a processor hold the small site whole, and not the large one."""
COMMANDS = {
    "lint": ("lint", "{spec}"),
    "render": ("render", "{spec}", "-o", "{tree}"),
    "diff": ("diff", "{spec}", "-o", "{tree}"),
    "verify": ("verify", "{spec}", "--offline", "{tree}"),
}


def cpu(*words: str) -> float:
    """Return CPU seconds, user and system, of a command that finds nothing wrong."""
    command = [sys.executable, "-m", "mailconf", *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        said = child.stderr.read() if child.stderr else b""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, said.decode()
    return used.ru_utime + used.ru_stime


def least(name: str, size: int, root: Path) -> float:
    """Return what a command takes: what else runs on the machine costs short ones a part of it.

    A tree is written once: the next time there is nothing to write.
    """
    spec, tree = root / "spec/mailconf.yaml", root / "tree"
    words = [word.format(spec=spec, tree=tree) for word in COMMANDS[name]]
    return min(cpu(*words) for _ in range(1 if size == LARGE or name == "render" else 2))


@pytest.fixture(scope="module")
def spent(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], float]:
    """Return CPU seconds of each command for each number of domains; the tree is rendered first."""
    found = {}
    for size in (NONE, SMALL, LARGE):
        root = tmp_path_factory.mktemp(f"site{size}")
        Estate(domains=size).write(root / "spec")
        for name in sorted(COMMANDS, key=lambda name: name != "render"):
            found[name, size] = least(name, size, root)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_ten_times_the_domains_cost_a_command_ten_times_the_cpu(
    name: str, spent: dict[tuple[str, int], float]
) -> None:
    none, some, many = (spent[name, size] for size in (NONE, SMALL, LARGE))
    assert many - none < MOST_CPU * (some - none), (none, some, many)
