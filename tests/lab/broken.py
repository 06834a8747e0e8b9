"""A site with a fault, booted and proved; run as the first process of a lab's namespaces.

`python -m tests.lab.broken FAULT SPEC` prints the report as JSON, or what the boot said.
"""

import sys
from pathlib import Path

from mailconf.engine.load import load, retargeted
from mailconf.engine.render import Renderer
from mailconf.lab.attacks import ATTACKS
from mailconf.lab.boot import Tamper
from mailconf.lab.errors import BootError
from mailconf.lab.lab_run import LabRun
from mailconf.lab.site import LabFile, Site
from mailconf.report.json import render
from tests.lab.attacking import WITHOUT_GUESSES
from tests.lab.faults import FAULTS, FLEET_FAULTS, HOST, NEW_DIALECT, NEW_DIALECT_FAULTS
from tests.lab.login_faults import LOGIN_FAULTS, SEEN_BY_USERS

SCRIPT = "/etc/dovecot/sieve/before.d/50-site.sieve"


def with_path_for_script(site: Site) -> None:
    """Prepare a script that holds the path of one."""
    site.hosts[HOST].files[SCRIPT] = LabFile("sieve/x.sieve\n")
    site.hosts[HOST].prepare.append(("sievec", SCRIPT))


NEW_DIALECT_MARK = "2.4 "
PREPARE_FAULTS = {"script is a path": with_path_for_script}
ALL = FAULTS | FLEET_FAULTS | NEW_DIALECT_FAULTS | LOGIN_FAULTS | PREPARE_FAULTS


# Of the faults whose users do not log in, those that guesses of passwords find.
SEEN_BY_GUESSES = ("no penalty", "store counts hosts", "2.4 wrong passwords not counted")


def without_logins(tamper: Tamper) -> Tamper:
    """Let nobody log in: what a fault shows to users is no part of what is asked."""

    def tampered(site: Site) -> None:
        tamper(site)
        site.logins.clear()

    return tampered


def main(fault: str, spec: Path) -> None:
    loaded = load(spec)
    if fault.startswith(NEW_DIALECT_MARK):
        loaded = retargeted(loaded, NEW_DIALECT)
    is_for_users = fault in LOGIN_FAULTS or fault in SEEN_BY_USERS
    tamper = ALL[fault] if is_for_users else without_logins(ALL[fault])
    guesses = is_for_users or fault in SEEN_BY_GUESSES
    prover = LabRun(spec, lambda _step: None, ATTACKS if guesses else WITHOUT_GUESSES)
    try:
        report = prover.run(loaded, Renderer(), tamper)
    except BootError as why:
        sys.exit(f"boot: {why}")
    sys.stdout.write(render(report))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
