"""A stranger sends a signed message once more, with a header field added."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from functools import partial

from mailconf.engine.run import Job
from mailconf.lab import mail, retrieval
from mailconf.lab.attacks import rules
from mailconf.lab.attacks.handing_in import Attempt, replies
from mailconf.lab.attacks.scene import Scene, no_session
from mailconf.lab.network import on_network_of
from mailconf.lab.peer import USER
from mailconf.lab.roundtrip import CLIENT, listeners, submissions
from mailconf.model.dmarc_policy import asks_to_reject
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.world import Inconclusive, NotApplicable

SECONDS, POLL_SECONDS = 20.0, 0.1
SIGNATURE = b"DKIM-Signature:"
AS_SENT, BROKEN = "as sent", "with another Subject"
ADDED = {
    "Reply-To": b"Reply-To: thief@mailconf-peer.example\r\n",
    "Cc": b"Cc: everybody@mailconf-peer.example\r\n",
    "Content-Type": b"Content-Type: text/html\r\n",
    "a second Subject": b"Subject: you have won\r\n",
}


def jobs(scene: Scene) -> Iterator[Job]:
    """Yield a job for each domain whose users send."""
    for domain in scene.ours.build.spec.hosted:
        at = next(iter(submissions(scene.ours, domain)), None)
        if at and domain.mailboxes:
            sender = domain.address(next(iter(domain.mailboxes)))
            yield Job("attack.replay", sender, partial(_replayed, scene, at, sender))


async def _replayed(scene: Scene, at: EndpointAddress, sender: str) -> AsyncIterator[Finding]:
    """Send to the peer, which judges DKIM and DMARC, from an address that SPF does not name."""
    domain = sender.rpartition("@")[2]
    if not asks_to_reject(scene.ours.build.records, domain):
        raise NotApplicable(
            f"the DMARC policy of {domain} is not reject, so receivers accept such mail"
        )
    signed = on_network_of(CLIENT, partial(_signed, scene, at, sender))
    receiver = next(iter(listeners(scene.theirs, "smtp")))
    broken = signed.replace(b"\r\nSubject: ", b"\r\nSubject: not ", 1)
    attempts = [Attempt(AS_SENT, signed), Attempt(BROKEN, broken)]
    attempts += [Attempt(name, field + signed) for name, field in ADDED.items()]
    say = partial(replies, scene, receiver, (USER, USER), attempts)
    found = on_network_of(CLIENT, say)
    if not found.pop(AS_SENT).is_positive:
        raise Inconclusive("the message is refused as it was sent, so nothing is known of changes")
    if found.pop(BROKEN).is_positive:
        raise Inconclusive("the peer accepts a broken signature: no policy asks it to reject that")
    for field, reply in found.items():
        if reply.is_positive:
            yield rules.REPLAYED.at(sender, domain=domain, field=field)


def _signed(scene: Scene, at: EndpointAddress, sender: str) -> bytes:
    """Return a message as the peer received it, from its signature on; raises Inconclusive."""
    with no_session("no message to send again"):
        octets = _received(scene, at, sender)
    _, field, signed = octets.partition(SIGNATURE)
    if not field:
        raise Inconclusive("the message arrives without a DKIM-Signature")
    return field + signed


def _received(scene: Scene, at: EndpointAddress, sender: str) -> bytes:
    """Return a message as the peer stored it."""
    token = f"lab{time.time_ns():x}replay"
    message = mail.compose(sender, USER, token)
    del message["Content-Type"], message["MIME-Version"], message["Content-Transfer-Encoding"]
    mail.submit(at, scene.context, scene.login(sender), message)
    reader = next(iter(listeners(scene.theirs, "imap")))
    login = mail.Login(USER, scene.theirs.passwords[USER])
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        octets = retrieval.fetch_octets(reader, scene.context, login, token)
        if octets:
            return octets
        with scene.journal.arrived:
            scene.journal.arrived.wait(POLL_SECONDS)
    raise Inconclusive("the message did not arrive")
