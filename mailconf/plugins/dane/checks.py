"""The key that a server shows is one of those that senders insist on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import Check, View
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.questions.tls import Offer, TlsNegotiation
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.dane.options import DaneOptions

OTHER_KEY = Rule(
    code="DAN001",
    name="dane-key-differs",
    severity=Severity.ERROR,
    found_by="verify",
    message="the server presents the key {got}; the spec declares {want}, so senders that validate DANE defer mail",
    expected="{want}",
    fix="load the declared key, or declare this key and wait until the old TLSA record expires from caches",
    ref="RFC 7672 §3.1.1",
)
OTHER_KIND = Rule(
    code="DAN011",
    name="dane-key-type-differs",
    severity=Severity.ERROR,
    found_by="verify",
    message="to clients that support only {kind} the server presents the key {got}; the spec declares {want}",
    expected="{want}",
    fix="remove that certificate (smtpd_tls_chain_files), or declare its key as well",
    ref="RFC 7672 §3.1.1",
)
KINDS: tuple[Offer, ...] = ("RSA", "ECDSA")


def listeners(view: View[DaneOptions]) -> Iterator[EndpointAddress]:
    """Yield port 25 of every MX host whose keys are known, at each of its addresses."""
    for host in view.spec.hosts.values():
        if view.for_host(host).keys and view.spec.is_mx(host):
            for point in view.spec.endpoints_of(host):
                if point.protocol.name == "smtp":
                    yield from (EndpointAddress(point, address) for address in point.addresses)


def host_of(view: View[DaneOptions], listener: EndpointAddress) -> Host:
    """Return the host that listens."""
    host = view.spec.host_named(listener.endpoint.host)
    if host is None:
        raise LookupError(f"{listener} belongs to no host of the spec")
    return host


async def key_is_published(
    view: View[DaneOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Compare the key of a handshake with the keys of the spec."""
    session = await world.ask(ServerSession(listener))
    if session.tls is None:
        raise Inconclusive("no TLS session, so there is no key to check")
    host = host_of(view, listener)
    keys = view.for_host(host).digests
    if session.tls.key_digest not in keys:
        got, want = session.tls.key_digest, " or ".join(keys)
        yield OTHER_KEY.at(listener, ("hosts", host.key, "dane"), got=got, want=want)


async def key_of_every_kind_is_published(
    view: View[DaneOptions], listener: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Ask as clients that know certificates of one kind only: a server may have one for each.

    The one that it shows to most of them is judged by `key_is_published`.
    """
    host, tls = host_of(view, listener), (await world.ask(ServerSession(listener))).tls
    keys = view.for_host(host).digests
    known = ("", tls.key_digest if tls else "", *keys)
    for kind in KINDS:
        shown = (await world.ask(TlsNegotiation(listener, kind))).key_digest
        if shown not in known:
            facts = {"kind": kind, "got": shown, "want": " or ".join(keys)}
            yield OTHER_KIND.at(listener, ("hosts", host.key, "dane"), **facts)


CHECKS = (
    Check(
        "dane.key",
        "The MX host presents a key that the TLSA records name.",
        listeners,
        key_is_published,
    ),
    Check(
        "dane.key-types",
        "The TLSA records name the keys of all certificates of the MX host.",
        listeners,
        key_of_every_kind_is_published,
        former=("dane.kinds",),
    ),
)
