"""Load and abuse in labs; run as the first process of a lab's namespaces.

`python -m tests.lab.abuse LAB RELEASE [EXPERIMENT…]` boots a site and prints, as JSON, what was
observed, by experiment.
"""

import json
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mailconf.engine.load import Loaded
from mailconf.engine.render import Renderer
from mailconf.lab.boot import boot, leave_as_rendered
from mailconf.lab.errors import BootError
from mailconf.lab.log import LabLog
from mailconf.lab.site import Site
from tests.lab import crowd, strangers
from tests.lab.features import failures_kept
from tests.lab.flow import Bench


@dataclass(frozen=True)
class Trial:
    """A site, what is tried there, and what is done to it before."""

    spec: Callable[[str], Loaded]
    experiments: Mapping[str, Callable[[Bench], Any]]
    tamper: Callable[[Site], None] = leave_as_rendered


LABS = {
    "crowd": Trial(crowd.crowd, crowd.EXPERIMENTS, crowd.with_busy_logins),
    "strangers": Trial(strangers.spec, strangers.EXPERIMENTS),
}


def main(name: str, release: str, *only: str) -> None:
    trial, journal = LABS[name], LabLog()
    seen: dict[str, Any] = {}
    try:
        lab = boot(trial.spec(release), Renderer(), lambda _step: None, journal, trial.tamper)
    except BootError as why:
        sys.exit(f"boot: {why}")
    bench = Bench(lab, ssl.create_default_context(cafile=str(lab.authority_file)))
    for experiment in only or trial.experiments:
        with failures_kept(seen, experiment):
            seen[experiment] = trial.experiments[experiment](bench)
    json.dump(seen, sys.stdout)
    for entry in journal.since(0):
        print(entry, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
