"""CPU of whole commands as sites grow, beside octoDNS and a floor; without root and network.

`python -m benchmarks.growth [DOMAINS]` with the largest number of domains, 1000 without it.
"""

import compileall
import math
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import mailconf
from benchmarks.estates import Estate
from benchmarks.measure import CLIENTS, told

PACKAGE = Path(mailconf.__file__).parent
ROUNDS = 3
LARGE = 5_000
"""From here on a single round."""
EXPORTS = "plugins: {octodns: {enabled: true}}\n"
MAILCONF = (sys.executable, "-m", "mailconf")
OCTODNS = str(Path(sys.executable).with_name("octodns-sync"))
CONFIG = """\
providers:
  spec: {{class: octodns.provider.yaml.YamlProvider, directory: {zones}}}
  target: {{class: octodns.provider.yaml.YamlProvider, directory: {empty}, supports_root_ns: false}}
zones:
{names}"""
NAMES = ("lint", "render", "verify --offline", "load", "octodns-sync", "floor")


def spent(*command: str) -> tuple[float, int]:
    """Return CPU seconds, user and system, and MB at most, of a command that finds nothing wrong."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        said = child.stderr.read() if child.stderr else b""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {child.returncode}:\n{said.decode()[-2000:]}"
        )
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def prepared(estate: Estate, root: Path) -> dict[str, tuple[str, ...]]:
    """Write a site and what is compared with it; returns the command for each column."""
    spec, tree, empty = str(estate.write(root / "spec")), root / "tree", root / "empty"
    exported = replace(estate, plugins=EXPORTS).write(root / "exported")
    spent(*MAILCONF, "render", str(exported), "-o", str(tree))
    empty.mkdir()
    zones = tree / "dns" / "octodns"
    names = "".join(
        f"  {file.stem}.: {{sources: [spec], targets: [target]}}\n" for file in zones.glob("*.yaml")
    )
    config = root / "octodns.yaml"
    config.write_text(CONFIG.format(zones=zones, empty=empty, names=names), encoding="utf-8")
    return {
        "lint": (*MAILCONF, "lint", spec),
        "render": (*MAILCONF, "render", spec, "-o", str(root / "{round}")),
        "verify --offline": (*MAILCONF, "verify", spec, "--offline", str(tree)),
        "load": (sys.executable, str(CLIENTS / "load.py"), spec),
        "octodns-sync": (OCTODNS, "--config-file", str(config), "--force"),
        "floor": (sys.executable, str(CLIENTS / "floor.py"), spec),
    }


def medians(estate: Estate, wanted: tuple[str, ...]) -> dict[str, tuple[float, int]]:
    """Return CPU and memory of each command, the columns taken in turn."""
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in wanted}
    with tempfile.TemporaryDirectory() as directory:
        commands = prepared(estate, Path(directory))
        for number in range(1 if estate.domains >= LARGE else ROUNDS):
            for name in wanted:
                words = (word.replace("{round}", f"round{number}") for word in commands[name])
                found[name].append(spent(*words))
    return {
        name: (statistics.median(cpu for cpu, _ in some), max(memory for _, memory in some))
        for name, some in found.items()
    }


def exponent(small: float, large: float, times: float) -> float:
    """Return the power of the input that the cost grew with."""
    return math.log(large / small) / math.log(times)


def grown(title: str, sites: dict[int, Estate], wanted: tuple[str, ...]) -> None:
    """Print a table: seconds for each size, as parts of octoDNS and floor, and the exponents."""
    rows, seen = [], dict[int, dict[str, tuple[float, int]]]()
    for size, estate in sites.items():
        seen[size] = here = medians(estate, wanted)
        for name in wanted:
            cpu, memory = here[name]
            ratios = (cpu / here[other][0] for other in ("octodns-sync", "floor") if other in here)
            cells = [f"{size:,}", name, f"{cpu:.2f}", str(memory), *(f"{r:.2f}" for r in ratios)]
            rows.append(f"| {' | '.join(cells)} |")
    compared = [f"of {name}" for name in ("octodns-sync", "floor") if name in wanted]
    head = ["size", "command", "s CPU", "MB", *compared]
    told(title, "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *rows]) + "\n")
    sizes = list(sites)
    for small, large in pairwise(sizes):
        powers = (
            f"{name} {exponent(seen[small][name][0], seen[large][name][0], large / small):.2f}"
            for name in wanted
        )
        told(f"from {small:,} to {large:,} it grows with the power", ", ".join(powers) + "\n")


def main(most: str = "1000") -> None:
    # As an installed package is, and the others here are, also where Python is told to write none.
    compileall.compile_dir(PACKAGE, quiet=1)
    counts = [count for count in (100, 1_000, 10_000) if count <= int(most)]
    grown("Domains", {n: Estate(domains=n) for n in counts}, NAMES)
    hosts = {n: Estate(hosts=n) for n in (10, 100)}
    grown("Hosts, with 10 domains", hosts, ("lint", "render", "verify --offline", "load", "floor"))
    files = {n: Estate(domains=1_000, includes=n) for n in (10, 1_000)}
    grown("Included files, with 1,000 domains", files, ("lint", "load", "floor"))


if __name__ == "__main__":
    main(*sys.argv[1:])
