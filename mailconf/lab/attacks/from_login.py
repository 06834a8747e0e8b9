"""A user who is logged in writes as somebody else, in the header alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab.attacks import rules
from mailconf.lab.attacks.from_outside import REST
from mailconf.lab.attacks.handing_in import Attempt, replies
from mailconf.lab.attacks.scene import Scene
from mailconf.lab.network import on_network_of
from mailconf.lab.peer import STRANGER
from mailconf.lab.roundtrip import CLIENT, submissions
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.senders import sender_logins
from mailconf.model.spec import Spec
from mailconf.model.world import Inconclusive


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for each submission service, as the first user, against one whom he may not send as."""
    spec = scene.ours.build.spec
    pair = attacker_and_victim(spec)
    domain = spec.domains[pair[0].rpartition("@")[2]] if pair else None
    for at in submissions(scene.ours, domain) if domain else ():
        if pair:
            attempt = partial(_forged, scene, at, *pair)
            yield Job("attack.from-of-another", f"{at} {pair[0]} as {pair[1]}", attempt)


def attacker_and_victim(spec: Spec) -> tuple[str, str] | None:
    """Return the first mailbox, and an address that its login may not use: of another domain at best."""
    users = [domain.address(local) for domain in spec.hosted for local in domain.mailboxes]
    if not users:
        return None
    attacker, logins = users[0], sender_logins(spec)
    others = [user for user in users if attacker not in logins.get(user, ())]
    foreign = [user for user in others if user.rpartition("@")[2] != attacker.rpartition("@")[2]]
    return attacker, next(iter((*foreign, *others, STRANGER)))


async def _forged(
    scene: Scene, at: EndpointAddress, attacker: str, victim: str
) -> AsyncIterator[Finding]:
    attempts = [
        Attempt(name, head.encode() + REST.encode()) for name, head in _forms(attacker, victim)
    ]
    login = scene.login(attacker)
    say = partial(replies, scene, at, (attacker, STRANGER), attempts, login)
    found = on_network_of(CLIENT, say)
    for form, reply in found.items():
        if reply.is_positive:
            facts = {"login": attacker, "form": form, "victim": victim, "got": reply}
            yield rules.FROM_OF_ANOTHER.at(at, at.endpoint.where, **facts)
    if any(reply.is_temporary for reply in found.values()):
        raise Inconclusive("deferred, not refused")


def _forms(own: str, victim: str) -> Iterator[tuple[str, str]]:
    yield "another From", f"From: {victim}"
    yield "a display name", f'From: "{own}" <{victim}>'
    yield "a second author", f"From: {own}, {victim}"
    yield "a second From field", f"From: {own}\r\nFrom: {victim}"
    yield "a group", f"From: We: {own}, {victim};"
    yield "a folded From", f"From:\r\n\t{victim}"
    yield "a quoted pair where lines are cut", f'From:{" " * 990}"a\\" <{victim}>, \\" " <{own}>'
    yield "a comment", f"From: ({own}) {victim}"
