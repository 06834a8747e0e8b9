"""A user's Sieve script answers in the name of somebody else."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab import mail
from mailconf.lab.attacks import rules
from mailconf.lab.attacks.from_login import attacker_and_victim
from mailconf.lab.attacks.scene import Scene, no_session
from mailconf.lab.machine import Machine
from mailconf.lab.network import on_network_of
from mailconf.lab.peer import USER
from mailconf.lab.roundtrip import CLIENT, listeners
from mailconf.model.finding import Finding
from mailconf.model.world import Inconclusive


@dataclass(frozen=True)
class Trial:
    """A script in the name of the victim (`%s`), and the envelope sender of the mail that starts it."""

    how: str
    script: str
    sender: str = USER


VACATION = 'require ["vacation"]; vacation :days 1 :addresses ["%s"] :from "%s"'
TRIALS = (
    Trial("", f'{VACATION} "attack";'),
    Trial(
        ", as if redirected",
        f'{VACATION} :mime "X-Sieve-Redirected-From: x\nContent-Type: text/plain\n\nattack";',
    ),
    Trial(
        ", notified of a bounce",
        f'require ["enotify"]; notify :from "%s" :message "attack" "mailto:{USER}";',
        sender="",
    ),
)
NAME = "mailconf-lab-attack"
SECONDS, POLL_SECONDS = 20.0, 0.1
SENT = re.compile(r"action: sent (vacation response|mail notification) to")
REFUSED = re.compile(
    r"action: failed to send (vacation response|mail notification)|vacation response.*5\.7\.1"
)


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for each script, about the first mailbox of the site."""
    spec = scene.ours.build.spec
    pair = attacker_and_victim(spec)
    store = spec.store_of(spec.domains[pair[0].rpartition("@")[2]]) if pair else None
    if pair and store:
        machine = scene.machines[store.key]
        for trial in TRIALS:
            attempt = partial(_answers, scene, machine, pair, trial)
            yield Job("attack.sieve-sends-as", f"{pair[0]} as {pair[1]}{trial.how}", attempt)


async def _answers(
    scene: Scene, machine: Machine, pair: tuple[str, str], trial: Trial
) -> AsyncIterator[Finding]:
    owner, victim = pair
    text = trial.script.replace("%s", victim)
    put = f"printf '%s' '{text}' | doveadm sieve put -a -u '{owner}' {NAME}"
    done = machine.run("sh", "-c", put)
    if done.status:
        raise Inconclusive(f"the script cannot be stored: {done.errors}")
    mark = scene.journal.mark()
    try:
        _write_to(scene, owner, trial.sender)
        if _is_answered(scene, mark):
            yield rules.SIEVE_FROM.at(owner, owner=owner, victim=victim)
    finally:
        machine.run("doveadm", "sieve", "deactivate", "-u", owner)
        machine.run("doveadm", "sieve", "delete", "-u", owner, NAME)


def _write_to(scene: Scene, owner: str, sender: str) -> None:
    message = mail.compose(USER, owner, f"lab{time.time_ns():x}sieve")
    at = next(iter(listeners(scene.theirs, "submission")))
    login = mail.Login(USER, scene.theirs.passwords[USER])
    with no_session(at):
        on_network_of(CLIENT, partial(mail.submit, at, scene.context, login, message, sender))


def _is_answered(scene: Scene, mark: int) -> bool:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for entry in scene.journal.since(mark):
            if SENT.search(entry.text):
                return True
            if REFUSED.search(entry.text):
                return False
        with scene.journal.arrived:
            scene.journal.arrived.wait(POLL_SECONDS)
    raise Inconclusive("the log does not say whether the script has answered")
