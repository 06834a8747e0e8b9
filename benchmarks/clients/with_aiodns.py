"""Ask all questions with aiodns (c-ares), which knows no TLSA: with_aiodns.py ADDRESS FILE."""

import asyncio
import sys
from pathlib import Path

import aiodns

WORKERS = 100


async def main(address: str, file: str) -> None:
    lines = [line.split() for line in Path(file).read_text().splitlines()]
    questions = iter([(name, "TXT" if rtype == "TLSA" else rtype) for name, rtype in lines])
    resolver = aiodns.DNSResolver(nameservers=[address])
    found = 0

    async def worker() -> None:
        nonlocal found
        for name, rtype in questions:
            try:
                await resolver.query_dns(name, rtype)
            except aiodns.error.DNSError:
                continue
            found += 1

    await asyncio.gather(*(worker() for _ in range(WORKERS)))
    sys.stdout.write(f"{found}\n")


asyncio.run(main(*sys.argv[1:]))
