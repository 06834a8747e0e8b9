"""Live check that all ports and addresses of a host show one certificate: a renewal reaches them all."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.plugin import Check, View
from mailconf.model.questions.sessions import ServerSession, Session, TlsFacts
from mailconf.model.world import ConnectionRejected, Inconclusive, World
from mailconf.plugins.tls_certificates import rules
from mailconf.plugins.tls_certificates.options import TlsOptions

Options = View[TlsOptions]


def listeners_of(view: Options, host: Host) -> Iterator[EndpointAddress]:
    """Yield a host's listeners under its own name."""
    for endpoint in view.spec.endpoints_of(host):
        for address in endpoint.addresses:
            yield EndpointAddress(endpoint, address)


def hosts(view: Options) -> Iterator[Host]:
    """Yield the hosts that have more than one listener."""
    for host in view.spec.hosts.values():
        if len(list(listeners_of(view, host))) > 1:
            yield host


async def one_certificate(view: Options, host: Host, world: World) -> AsyncIterator[Finding]:
    """Compare what every listener shows; those that cannot be told about say nothing."""
    found = list(listeners_of(view, host))
    asked = (world.ask(ServerSession(at)) for at in found)
    sessions = await asyncio.gather(*asked, return_exceptions=True)
    shown = {
        at: session.tls
        for at, session in zip(found, sessions, strict=True)
        if isinstance(session, Session) and session.tls
    }
    _raise_bugs(sessions)
    if len(shown) <= 1:
        raise Inconclusive(f"TLS started on {len(shown)} of {len(found)} listeners")
    alike: dict[tuple[str, str], list[EndpointAddress]] = defaultdict(list)
    for at, facts in shown.items():
        alike[_identity(facts)].append(at)
    if len(alike) > 1:
        told = "; ".join(f"{_ports(ats)} ({until})" for (_, until), ats in alike.items())
        where = ("hosts", host.key)
        yield rules.CERTIFICATES_DIFFER.at(host.hostname, where, host=host.hostname, shown=told)


def _raise_bugs(sessions: Iterable[object]) -> None:
    """Silence and refusals are answers; anything else is a fault of ours."""
    for one in sessions:
        if isinstance(one, BaseException) and not isinstance(
            one, Inconclusive | ConnectionRejected
        ):
            raise one


def _identity(facts: TlsFacts) -> tuple[str, str]:
    """Return what tells certificates apart, and how people see it."""
    return facts.key_digest, f"expires {facts.not_after:%Y-%m-%d %H:%M} UTC"


def _ports(ats: Iterable[EndpointAddress]) -> str:
    return ", ".join(sorted(f"{at.endpoint.protocol.name} [{at.address}]" for at in ats))


SAMENESS = (
    Check(
        "tls.consistent",
        "All ports present the same certificate.",
        hosts,
        one_certificate,
        former=("tls.same",),
    ),
)
