"""Mail put through a booted lab, and what became of it; the first process of a lab's namespaces.

`python -m tests.lab.mailflow LAB RELEASE` prints what each experiment saw as JSON, by its name.
"""

import json
import ssl
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.render import Renderer
from mailconf.lab import boot as booting
from mailconf.lab import peer
from mailconf.lab.lab import Lab
from mailconf.lab.log import LabLog
from mailconf.lab.site import Site
from tests.lab.experiments import dane, filtering, fleet, machine, one_host
from tests.lab.experiments.proxying import proxied
from tests.lab.flow import AT_ONCE, Bench

SPECS = Path(__file__).parent / "specs"


@dataclass(frozen=True)
class Trial:
    """A spec, what is changed before it boots, and the experiments; some must not run at once.

    `publish` changes the zones once it is up.
    """

    experiments: tuple[Callable[[Bench], Any], ...]
    tamper: Callable[[Site], None] = booting.leave_as_rendered
    signer: str = "opendkim"
    at_once: int = AT_ONCE
    publish: Callable[[Lab], None] = lambda _lab: None


# Machine mail first: what leaves while the provider's table changes may meet a client with the old one.
EXPERIMENTS = (
    machine.local_users,
    machine.bounced,
    machine.strangers,
    machine.users,
    one_host.extension,
    one_host.catch_all,
    one_host.forwarded,
    one_host.lost,
    one_host.undeliverable,
    one_host.delegation,
    one_host.privacy,
    one_host.rate_limit,
    one_host.through_provider,
    one_host.transport_security,
    one_host.own_parameter,
    one_host.attached,
    one_host.oversized,
    dane.judged,
    dane.resolved,
)
FILTERED = (one_host.lost, filtering.signed_twice, filtering.spam, filtering.learned, proxied)
MACHINES = (machine.local_users, machine.bounced, machine.strangers)
SIGNERS = {"debian-12": "opendkim", "debian-13": "rspamd"}
TRIALS = {
    "site": Trial(EXPERIMENTS, publish=dane.publish),
    "filter": Trial(FILTERED, filtering.knowing_test_patterns, "rspamd"),
    "fleet": Trial((fleet.turned_away, *MACHINES, fleet.outage), fleet.knowing_a_list, at_once=1),
    "office": Trial((fleet.through_relay, fleet.forwarded, *MACHINES)),
}


def changed(loaded: Loaded, signer: str) -> Loaded:
    """Give the peer an enforced policy, domains for DANE, and a user who may send for its customers."""
    loaded.data["domains"] |= {name: deepcopy(dane.BODY) for name in dane.DOMAINS.values()}
    loaded.data["domains"][peer.DOMAIN]["mta_sts"] = {"mode": "enforce"}
    customers = ["@carried.example", "@wrapped.example"]
    loaded.data["domains"][peer.DOMAIN]["mailboxes"]["peer"] = {"send_as": customers}
    loaded.data["waivers"] = [{"code": "ADR006", "reason": "a provider sends for others"}]
    loaded.data["plugins"] |= {"dkim": {"signer": signer}}
    return loaded


def boot(name: str, release: str) -> Bench:
    """Boot a trial's spec beside the changed peer."""
    trial, usual = TRIALS[name], peer.peer
    loaded = retargeted(load(SPECS / f"mailflow-{name}.yaml"), release)
    if name == "office":
        loaded.data["plugins"] = {"dkim": {"signer": SIGNERS[release]}}
    with patch.object(peer, "peer", lambda first: changed(usual(first), trial.signer)):
        lab = booting.boot(loaded, Renderer(), lambda _step: None, LabLog(), trial.tamper)
    trial.publish(lab)
    return Bench(lab, ssl.create_default_context(cafile=str(lab.authority_file)))


def observed(bench: Bench, experiment: Callable[[Bench], Any]) -> Any:
    """Return what an experiment saw, or what became of it and the log's word on that."""
    mark, begun = bench.lab.journal.mark(), time.monotonic()
    try:
        seen = experiment(bench)
    except Exception as why:
        seen = {"error": f"{type(why).__name__}: {why}"}
        seen["log"] = bench.lab.journal.explanation(mark)
    sys.stderr.write(f"{experiment.__name__}: {time.monotonic() - begun:.1f} s\n")
    return seen


def main(name: str, release: str) -> None:
    bench, trial = boot(name, release), TRIALS[name]
    with ThreadPoolExecutor(trial.at_once) as pool:
        seen = list(pool.map(partial(observed, bench), trial.experiments))
    names = [experiment.__name__ for experiment in trial.experiments]
    sys.stdout.write(json.dumps(dict(zip(names, seen, strict=True)), indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
