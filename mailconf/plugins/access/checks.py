"""Live checks of IMAP, POP3 and ManageSieve listeners."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping

from mailconf.model.endpoint import EndpointAddress, Family, Security
from mailconf.model.finding import Finding, Rule
from mailconf.model.plugin import Check, View
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.requests.promises import AccessCapabilities
from mailconf.model.world import ConnectionRejected, World
from mailconf.plugins.access import rules
from mailconf.plugins.access.options import AccessOptions

UPGRADE: dict[Family, str] = {"imap": "STARTTLS", "pop3": "STLS", "sieve": "STARTTLS"}
GREETED: dict[Family, str] = {"imap": "OK", "pop3": "+OK", "sieve": "OK"}

Options = View[AccessOptions]


def listeners(view: Options) -> Iterator[EndpointAddress]:
    """Yield every IMAP, POP3 and ManageSieve endpoint at each of its addresses."""
    for endpoint in view.spec.endpoints:
        if endpoint.protocol.family in UPGRADE:
            for address in endpoint.addresses:
                yield EndpointAddress(endpoint, address)


def listeners_in_clear(view: Options) -> Iterator[EndpointAddress]:
    """Yield those listeners on which TLS begins with a command."""
    return (at for at in listeners(view) if at.endpoint.security is Security.STARTTLS)


def _found(rule: Rule, listener: EndpointAddress, **facts: str) -> Finding:
    return rule.at(listener, listener.endpoint.where, **facts)


async def is_reachable(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """Connect."""
    try:
        await world.ask(ServerSession(at))
    except ConnectionRejected as why:
        yield _found(rules.CLOSED, at, why=str(why))


async def greets(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """Look for a greeting that asks for a login; PREAUTH would skip it."""
    session = await world.ask(ServerSession(at))
    greeting = session.greeting
    want = GREETED[at.endpoint.protocol.family]
    if greeting.status != want:
        yield _found(rules.GREETING, at, got=str(greeting), want=want)
    if session.waited > rules.PATIENCE_SECONDS:
        yield _found(rules.LATE, at, got=f"{session.waited:g} s")


async def offers_starttls(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """See that the upgrade is offered, accepted, and not fooled by injected text."""
    session, command = await world.ask(ServerSession(at)), UPGRADE[at.endpoint.protocol.family]
    if command not in session.before:
        yield _found(rules.NO_STARTTLS, at, command=command, got="not offered")
    elif session.upgrade and not session.upgrade.is_positive:
        got = f"offered but refused: {session.upgrade}"
        yield _found(rules.NO_STARTTLS, at, command=command, got=got)
    if "injection" in session.probes:
        yield _found(rules.INJECTION, at, got=str(session.probes["injection"]))


async def no_login_before_tls(
    _: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """See that no password can be sent in clear: not offered, and refused when tried."""
    session = await world.ask(ServerSession(at))
    for offered in _clear_logins(at, session.before):
        yield _found(rules.LOGIN_IN_CLEAR, at, got=f"offered ({offered})")
    tried = session.probes.get("login before TLS")
    if tried and tried.is_positive:
        yield _found(rules.LOGIN_IN_CLEAR, at, got=f"accepted ({tried})")


def _clear_logins(at: EndpointAddress, offered: Mapping[str, str]) -> Iterator[str]:
    """Yield what a capability list says about logins in clear."""
    mechanisms = offered.get("AUTH", "") or offered.get("SASL", "")
    if mechanisms.strip():
        yield mechanisms
    if at.endpoint.protocol.family == "imap" and "LOGINDISABLED" not in offered:
        yield "no LOGINDISABLED"
    if at.endpoint.protocol.family == "pop3" and "USER" in offered:
        yield "USER"


async def offers_capabilities(
    view: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Compare what is offered inside TLS with what the rendered server has."""
    session, expected = await world.ask(ServerSession(at)), _rendered(view, at)
    missing = [keyword for keyword in expected if keyword not in session.after]
    if missing:
        want = " ".join(expected)
        yield _found(rules.CAPABILITY, at, missing=" ".join(missing), want=want)


def _rendered(view: Options, at: EndpointAddress) -> list[str]:
    """Return what the plugin that renders the server says that it offers."""
    host = view.spec.host_named(at.endpoint.host)
    if not host:
        return []
    asked = view.requests_on(host).about(AccessCapabilities, at.endpoint.protocol.family)
    return [word for one in asked for word in one.keywords]


async def offers_auth(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """See that users can log in once TLS runs."""
    after = (await world.ask(ServerSession(at))).after
    mechanisms = f"{after.get('AUTH', '')} {after.get('SASL', '')}".split()
    if "PLAIN" not in mechanisms:
        yield _found(rules.NO_AUTH, at, got=" ".join(mechanisms) or "nothing")


CHECKS = (
    Check("access.reachable", "The port accepts connections.", listeners, is_reachable),
    Check("access.greeting", "The greeting is that of a server before login.", listeners, greets),
    Check("access.starttls", "STARTTLS or STLS works.", listeners_in_clear, offers_starttls),
    Check(
        "access.no-plaintext-login",
        "Logins without TLS are rejected.",
        listeners_in_clear,
        no_login_before_tls,
        former=("access.no-clear-login",),
    ),
    Check(
        "access.capabilities",
        "The capabilities are those of the rendered configuration.",
        listeners,
        offers_capabilities,
    ),
    Check("access.auth", "Users can log in over TLS.", listeners, offers_auth),
)
