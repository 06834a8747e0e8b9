"""Ask all questions with mailconf's stub: ours.py ADDRESS FILE."""

import asyncio
import sys
from pathlib import Path

from mailconf.net.dns import Asker

WORKERS = 100


async def main(address: str, file: str) -> None:
    questions = iter([line.split() for line in Path(file).read_text().splitlines()])
    asker = Asker()
    found = 0

    async def worker() -> None:
        nonlocal found
        for name, rtype in questions:
            found += bool((await asker.lookup(((address, 53),), name, rtype)).values)

    await asyncio.gather(*(worker() for _ in range(WORKERS)))
    sys.stdout.write(f"{found}\n")


asyncio.run(main(*sys.argv[1:]))
