"""Experiments in labs; run as the first process of a lab's namespaces.

`python -m tests.lab.features LAB RELEASE` boots a spec of tests/lab/specs and prints, as JSON, what
was observed, by experiment.
"""

import json
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.render import Renderer
from mailconf.lab.boot import boot, leave_as_rendered
from mailconf.lab.errors import BootError
from mailconf.lab.log import LabLog
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT
from mailconf.lab.site import Site
from tests.lab import accounts, directory, mailstore
from tests.lab.bench import Bench
from tests.lab.clients import with_clients

SPECS = Path(__file__).parent / "specs"
FULL_TEXT = ("debian-13", "debian-forky")
Experiment = Callable[[Bench], Any]


@dataclass(frozen=True)
class Features:
    """What is tried in one lab: the experiments by name, and what is done to the site before."""

    experiments: Mapping[str, Experiment]
    tamper: Callable[[Site], None] = leave_as_rendered


LABS = {
    "clients": Features({"clients": with_clients}),
    "mailstore": Features(mailstore.EXPERIMENTS),
    "accounts": Features(accounts.EXPERIMENTS, accounts.with_database),
    "directory": Features(directory.EXPERIMENTS),
}


def loaded(name: str, release: str) -> Loaded:
    """Return a spec on a release, every domain with a DKIM key."""
    found = retargeted(load(SPECS / f"{name}.yaml"), release)
    for domain in found.data["domains"].values():
        domain.setdefault("dkim", {"selectors": {"lab": {"state": "active"}}})
    if name == "mailstore" and release in FULL_TEXT:
        found.data["plugins"]["dovecot"]["full_text_search"] = True
    return found


@contextmanager
def failures_kept(seen: dict[str, Any], name: str) -> Iterator[None]:
    """Let the other experiments go on when one fails: how it failed is its observation."""
    try:
        yield
    except Exception:
        seen[name] = {"failed": traceback.format_exc(limit=-3)}


def main(name: str, release: str) -> None:
    features, journal = LABS[name], LabLog()
    seen: dict[str, Any] = {}
    try:
        lab = boot(loaded(name, release), Renderer(), lambda _step: None, journal, features.tamper)
    except BootError as why:
        sys.exit(f"boot: {why}")
    bench = Bench(lab)
    for experiment, tried in features.experiments.items():
        with failures_kept(seen, experiment):
            seen[experiment] = on_network_of(CLIENT, lambda tried=tried: tried(bench))  # type: ignore[misc]
    json.dump(seen, sys.stdout)
    for entry in journal.since(0):
        print(entry, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
