"""Ask all questions with dnspython's asynchronous resolver: with_dnspython.py ADDRESS FILE."""

import asyncio
import sys
from pathlib import Path

import dns.asyncresolver

WORKERS = 100


async def main(address: str, file: str) -> None:
    questions = iter([line.split() for line in Path(file).read_text().splitlines()])
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = [address]
    found = 0

    async def worker() -> None:
        nonlocal found
        for name, rtype in questions:
            found += bool((await resolver.resolve(name, rtype)).rrset)

    await asyncio.gather(*(worker() for _ in range(WORKERS)))
    sys.stdout.write(f"{found}\n")


asyncio.run(main(*sys.argv[1:]))
