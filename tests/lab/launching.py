"""Starting labs from tests, and seeing what they leave behind."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.lab.faults import FLEET_FAULTS

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "examples/quickstart/mailconf.yaml"
UNIVERSITY = ROOT / "examples/university/mailconf.yaml"
DAEMONS = {"master", "dovecot", "nginx", "nsd", "unbound", "opendkim", "opendmarc"}
LAUNCH = (
    "import sys\n"
    "from mailconf.lab.launch import launch\n"
    "sys.exit(launch([sys.executable, '-m', *sys.argv[1:]]))\n"
)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a lab needs root for its namespaces")


@dataclass(frozen=True)
class Run:
    """How a lab ended: exit status, the report as JSON (empty when there is none), stderr."""

    status: int
    report: dict[str, Any]
    stderr: str

    def outcomes(self, verdict: str) -> list[dict[str, Any]]:
        return [o for o in self.report["outcomes"] if o["verdict"] == verdict]

    def findings(self) -> dict[str, list[str]]:
        """Return the messages of all findings by rule code."""
        found: dict[str, list[str]] = {}
        for outcome in self.report["outcomes"]:
            for finding in outcome["findings"]:
                found.setdefault(finding["code"], []).append(finding["message"])
        return found


def run(*command: str) -> Run:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    return Run(done.returncode, report, done.stderr)


def lab_run(spec: Path, *options: str) -> Run:
    command = [sys.executable, "-m", "mailconf", "lab", "run", str(spec), "--report", "json"]
    return run(*command, *options)


def broken(fault: str) -> Run:
    """Boot the quickstart with a fault, or the example whose tasks have machines of their own."""
    spec = UNIVERSITY if fault in FLEET_FAULTS else QUICKSTART
    return run(sys.executable, "-c", LAUNCH, "tests.lab.broken", fault, str(spec))


def observed(case: tuple[str, str]) -> Run:
    """Experiment in a lab of tests.lab.features, on a release."""
    return run(sys.executable, "-c", LAUNCH, "tests.lab.features", *case)


AT_ONCE = 4
"""Labs side by side: most of a broken one's time is waiting."""
Work = TypeVar("Work")


def all_at_once(work: Callable[[Work], Run], over: Iterable[Work]) -> dict[Work, Run]:
    """Return how each lab ended, by what it was asked to do."""
    wanted = list(over)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(work, wanted), strict=True))


def daemons() -> set[int]:
    """Return the processes of this machine that a lab could have left behind."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "comm").read_text().strip() in DAEMONS:
                found.add(int(entry.name))
        except OSError:  # it ended while we looked
            continue
    return found


def traces() -> tuple[str, ...]:
    """Return everything else that a lab could leave behind: mounts, links, namespaces, files."""
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True).stdout
    names = [" ".join(line.split()[1:2]) for line in links.splitlines()]
    mounts = Path("/proc/self/mounts").read_text()
    files = sorted(str(path) for path in Path("/run").glob("*"))
    return (mounts, "\n".join(sorted(names)), "\n".join(files))
