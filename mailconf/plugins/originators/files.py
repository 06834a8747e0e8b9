"""The program, its unit, and its rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from importlib.resources import files
from pathlib import PurePosixPath

from mailconf.model.artifact import Checker, Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.originators.options import OriginatorsOptions
from mailconf.plugins.originators.requests import SERVICE, is_needed
from mailconf.plugins.originators.rules import rules_for

PROGRAM = "originators"
LIBRARY = PurePosixPath("usr/local/lib/mailconf")
RULES = PurePosixPath("etc/mailconf/originators.json")
UNIT = PurePosixPath("etc/systemd/system", f"{SERVICE}.service")
PYTHON = f"PYTHONPATH=/{LIBRARY}"
NEEDS = (
    Package("python3"),
    Unit(SERVICE, "restart"),
    Checker(("env", PYTHON, "python3", "-m", PROGRAM, "--check", f"/{RULES}")),
)


def daemon_files(view: View[OriginatorsOptions], host: Host) -> Iterator[Render]:
    """Order everything that the milter needs on a host whose MTA asks it."""
    if not is_needed(view, host):
        return
    rules = json.dumps(asdict(rules_for(view, host)), indent=1, sort_keys=True) + "\n"
    yield Render(host.key, RULES, "file.j2", rules, SERVICE, needs=NEEDS)
    yield Render(
        host.key, UNIT, "originators.service.j2", {"library": LIBRARY, "rules": RULES}, SERVICE
    )
    for name, text in sources():
        yield Render(host.key, LIBRARY / PROGRAM / name, "file.j2", text, SERVICE)


def sources() -> Iterator[tuple[str, str]]:
    """Yield the files of the program, by name."""
    folder = files("mailconf.programs") / PROGRAM
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".py"):
            yield file.name, file.read_text(encoding="utf-8")
