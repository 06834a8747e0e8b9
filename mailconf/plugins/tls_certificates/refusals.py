"""Live checks of what a server must refuse while TLS begins: old versions, commands sent before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.model.endpoint import EndpointAddress, Security
from mailconf.model.finding import Finding
from mailconf.model.plugin import Check, View
from mailconf.model.questions.tls import StarttlsInjection, TlsNegotiation
from mailconf.model.world import World
from mailconf.plugins.tls_certificates import rules
from mailconf.plugins.tls_certificates.options import TlsOptions

Options = View[TlsOptions]


def listeners(view: Options) -> Iterator[EndpointAddress]:
    """Yield every mail endpoint at each of its addresses."""
    for endpoint in view.spec.endpoints:
        for address in endpoint.addresses:
            yield EndpointAddress(endpoint, address)


def listeners_in_clear(view: Options) -> Iterator[EndpointAddress]:
    """Yield those on which TLS begins with a command."""
    return (at for at in listeners(view) if at.endpoint.security is Security.STARTTLS)


async def refuses_old_versions(
    _: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Offer TLS 1.0 and 1.1 only; on port 25 weak encryption is still better than none."""
    version = (await world.ask(TlsNegotiation(at, "old TLS"))).version
    if version:
        is_mx = at.endpoint.protocol.name == "smtp"
        rule = rules.OLD_ACCEPTED_ON_25 if is_mx else rules.OLD_ACCEPTED
        yield rule.at(at, at.endpoint.where, got=version)


def listeners_of_users(view: Options) -> Iterator[EndpointAddress]:
    """Yield where users come: between servers weak encryption is still better than none."""
    return (at for at in listeners(view) if at.endpoint.protocol.name != "smtp")


async def refuses_weak_ciphers(
    _: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Offer TLS 1.2 with weak ciphers only."""
    cipher = (await world.ask(TlsNegotiation(at, "weak ciphers"))).cipher
    if cipher:
        yield rules.WEAK_CIPHER.at(at, at.endpoint.where, got=cipher)


async def forgets_commands(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """Send a command together with STARTTLS."""
    answer = await world.ask(StarttlsInjection(at))
    if answer:
        yield rules.COMMAND_INJECTION.at(at, at.endpoint.where, got=answer)


REFUSALS = (
    Check(
        "tls.legacy-versions",
        "TLS 1.0 and 1.1 are rejected.",
        listeners,
        refuses_old_versions,
        former=("tls.old",),
    ),
    Check(
        "tls.weak-ciphers",
        "Weak ciphers are rejected.",
        listeners_of_users,
        refuses_weak_ciphers,
        former=("tls.ciphers",),
    ),
    Check(
        "tls.command-injection",
        "Commands sent before TLS are discarded.",
        listeners_in_clear,
        forgets_commands,
        former=("tls.injection",),
    ),
)
