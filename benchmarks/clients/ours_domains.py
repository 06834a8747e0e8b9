"""Verify all records of so many domains as `mailconf verify` does: ours_domains.py ADDRESS ZONE COUNT.

With a word more it only says what the records should be, which is not part of it. Domains are made one
after the other, as they are wanted; the last line is the most memory that it had, in MB.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.server import names, records
from mailconf.engine.gc_tuning import collecting_rarely
from mailconf.engine.record_check import record_jobs
from mailconf.engine.run import numbered
from mailconf.model.outcome import Verdict
from mailconf.model.place import Places
from mailconf.model.record import Record
from mailconf.net.live import LiveWorld

PLACES = Places("bench.yaml", {})


def declared(number: int) -> list[Record]:
    """Return what a spec would want of a domain: the records that the questions are about."""
    kinds = set(names(number))
    found = []
    for line in records(number):
        name, rtype, value = line.split(maxsplit=2)
        if (name, rtype) in kinds:
            text = "".join(value.split('"')[1::2]) if rtype == "TXT" else value
            found.append(Record(name, rtype, text))
    return found


async def main(address: str, _zone: str, count: str, *only_declared: str) -> None:
    domains = (declared(number) for number in range(int(count)))
    if only_declared:
        sys.exit(sum(1 for _ in domains) != int(count))
    world = LiveWorld(resolver=address)
    jobs = (job for one in domains for job in record_jobs(one, world, PLACES))
    found = numbered(enumerate(jobs))
    with collecting_rarely():
        wrong = [one async for _, one in found if one.verdict is not Verdict.PASSED]
    if wrong:
        sys.exit(f"{len(wrong)} did not pass: {wrong[0]}")
    sys.stdout.write(f"{peak_mb():.0f}\n")


def peak_mb() -> float:
    """Return VmHWM of proc(5): that of getrusage(2) is the parent's, if it had more."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


asyncio.run(main(*sys.argv[1:]))
