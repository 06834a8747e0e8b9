"""Recipients that look like somebody here and are nobody: their mail would bounce to the wrong one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import islice

from mailconf.engine.run import Job
from mailconf.lab import mail
from mailconf.lab.attacks import abuse
from mailconf.lab.attacks.scene import Scene
from mailconf.lab.peer import DOMAIN as PEER_DOMAIN
from mailconf.lab.peer import HOSTNAME as PEER_HOSTNAME
from mailconf.lab.peer import STRANGER
from mailconf.lab.quota_probe import told
from mailconf.lab.roundtrip import listeners
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.spec import Spec
from mailconf.model.world import Inconclusive


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for each host to which other servers deliver."""
    seen = set()
    for at in listeners(scene.ours, "smtp"):
        if at.endpoint.host not in seen:
            seen.add(at.endpoint.host)
            yield Job("attack.backscatter", str(at), partial(_refused, scene, at))


def recipients(at: EndpointAddress) -> Iterator[str]:
    """Yield addresses at the host's own addresses and name, and one that leads on to a third host."""
    literals = (f"[{'IPv6:' if a.version == 6 else ''}{a}]" for a in at.endpoint.addresses)  # noqa: PLR2004, RFC 5321 §4.1.3
    for literal in (*literals, "[127.0.0.1]"):
        yield f"postmaster%{PEER_DOMAIN}@{literal}"
        yield f"nobody-at-all@{literal}"
    yield f"double-bounce@{at.endpoint.host}"
    yield "nobody-at-all@localhost"


async def _refused(scene: Scene, at: EndpointAddress) -> AsyncIterator[Finding]:
    """Name each recipient after the null sender, as a bounce does; each must be refused for good."""
    spec = scene.ours.build.spec
    for address in (*recipients(at), *_unprintable(spec)):
        commands = ("MAIL FROM:<>", f"RCPT TO:<{address}>")
        reply = told(partial(mail.dialogue, at, scene.context, PEER_HOSTNAME, commands, None))
        if reply.is_temporary:
            raise Inconclusive(f"temporarily rejected instead of rejected: {reply}")
        if reply.is_positive:
            yield abuse.LOCAL_ACCEPTED.at(at, at.endpoint.where, address=address, got=str(reply))
    for address in _mailboxes(spec):
        commands = (f"MAIL FROM:<{STRANGER}>", f"RCPT TO:<{address}> NOTIFY=SUCCESS")
        reply = told(partial(mail.dialogue, at, scene.context, PEER_HOSTNAME, commands, None))
        if reply.is_positive:
            yield abuse.REPORTED.at(at, at.endpoint.where, address=address, got=str(reply))


def _unprintable(spec: Spec) -> Iterator[str]:
    """Yield a mailbox's address with a control character, which LMTP refuses (RFC 5321 §4.1.2)."""
    for address in _mailboxes(spec):
        local, _, domain = address.rpartition("@")
        yield f"{local}+\x01@{domain}"


def _mailboxes(spec: Spec) -> Iterator[str]:
    """Yield the first mailbox of the site, where there is one."""
    users = (domain.address(local) for domain in spec.hosted for local in domain.mailboxes)
    yield from islice(users, 1)
