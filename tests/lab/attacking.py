"""Attacks on a site, whole or without one of its protections; the first process of a lab's namespaces.

`python -m tests.lab.attacking PROTECTION SIGNER RELEASE` prints, by check, the codes of what was found,
or why nothing is known.
"""

import asyncio
import json
import re
import ssl
import sys
from collections.abc import Callable
from typing import Any

from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.render import Renderer
from mailconf.engine.run import attempt
from mailconf.lab.attacks import ATTACKS, Scene, attacks, guessing
from mailconf.lab.boot import boot
from mailconf.lab.errors import BootError
from mailconf.lab.log import LabLog
from mailconf.lab.site import Site
from tests.lab.launching import QUICKSTART

NOTHING = "nothing"
WITHOUT_GUESSES = tuple(attack for attack in ATTACKS if attack is not guessing.jobs)
"""For sites whose fault has nothing to do with passwords: guesses wait 20 s for Dovecot's penalty."""
MILTER = "inet:127.0.0.1:8890"


def _edited(path: str, pattern: str, new: str) -> Callable[[Site], None]:
    def tamper(site: Site) -> None:
        files = [f for host in site.hosts.values() for p, f in host.files.items() if p == path]
        assert files, path
        for file in files:
            text, count = re.subn(pattern, new, file.text, flags=re.M)
            assert count, f"{path} does not hold {pattern!r}"
            file.text = text

    return tamper


def _all(*tampers: Callable[[Site], None]) -> Callable[[Site], None]:
    def tamper(site: Site) -> None:
        for one in tampers:
            one(site)

    return tamper


MAIN, MASTER = "/etc/postfix/main.cf", "/etc/postfix/master.cf"
_without_milter = (f"{MILTER},? ?", "")
TAKEN_OUT: dict[str, Callable[[Site], None]] = {
    NOTHING: lambda _site: None,
    "check of From": _all(
        _edited(MAIN, *_without_milter),
        _edited(MASTER, *_without_milter),
        _edited(MAIN, r"^local_login_sender_maps = .*$", ""),
    ),
    "check of From, from outside alone": _edited(MAIN, rf"^(smtpd_milters = ){MILTER}, ", r"\1"),
    "check of the envelope of programs": _all(
        _edited(MAIN, r"^local_login_sender_maps = .*$", ""),
        _edited("/etc/mailconf/originators.json", r'("programs": \[)', r'\1 "@example.org",'),
    ),
    "oversigning by opendkim": _edited(
        "/etc/opendkim.conf", r"^OversignHeaders .*$", "OversignHeaders From"
    ),
    "oversigning by rspamd": _edited(
        "/etc/rspamd/local.d/dkim_signing.conf", r"^sign_headers = .*$", ""
    ),
}


def loaded(signer: str, release: str) -> Loaded:
    found = retargeted(load(QUICKSTART), release)
    found.data.setdefault("plugins", {})["dkim"] = {"signer": signer}
    return found


def main(protection: str, signer: str, release: str) -> None:
    journal = LabLog()
    try:
        tamper = TAKEN_OUT[protection]
        lab = boot(loaded(signer, release), Renderer(), lambda _step: None, journal, tamper)
    except BootError as why:
        sys.exit(f"boot: {why}")
    context = ssl.create_default_context(cafile=str(lab.authority_file))
    scene = Scene(lab.ours, lab.theirs, context, journal, lab.machines)
    seen: dict[str, Any] = {}
    for job in attacks(scene, ATTACKS if protection == NOTHING else WITHOUT_GUESSES):
        outcome = asyncio.run(attempt(job))
        codes = [finding.rule.code for finding in outcome.findings]
        said = seen.setdefault(job.check, {"codes": [], "unknown": []})
        said["codes"] += codes
        if outcome.verdict.value not in ("passed", "failed"):
            said["unknown"].append(outcome.why)
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
