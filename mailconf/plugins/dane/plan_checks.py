"""Keys that senders would not accept."""

from __future__ import annotations

from collections.abc import AsyncIterator

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.dane.checks import host_of, listeners
from mailconf.plugins.dane.options import DaneOptions

OTHER_KEY = Rule(
    code="DNG006",
    name="tlsa-does-not-match",
    severity=Severity.ERROR,
    found_by="plan",
    message="the server presents the key {got}, which the new TLSA records do not contain; senders would defer mail",
    fix="declare the key in use next to the new one (mailconf keys digest CERTIFICATE), and publish both",
    ref="RFC 7671 §8.1",
)


async def served_key_is_named(
    view: View[DaneOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Look at the key that is served today."""
    session = await world.ask(ServerSession(listener))
    if session.tls is None:
        raise Inconclusive("no TLS session, so there is no key to check")
    host, got = host_of(view, listener), session.tls.key_digest
    if got not in view.for_host(host).digests:
        yield OTHER_KEY.at(listener, ("hosts", host.key, "dane"), got=got)


DANGERS = (
    Check(
        "dane.key-in-use",
        "The key in use stays in the TLSA records.",
        listeners,
        served_key_is_named,
    ),
)
