"""Live checks of SMTP and submission listeners."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

from mailconf.model.endpoint import EndpointAddress, Security
from mailconf.model.finding import Finding, Rule
from mailconf.model.plugin import Check, View
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.request import R
from mailconf.model.requests.promises import MessageSizeLimit, SmtpCapabilities
from mailconf.model.world import ConnectionRejected, Inconclusive, World
from mailconf.plugins.smtp import rules
from mailconf.plugins.smtp.options import SmtpOptions

GREETED = "220"

Options = View[SmtpOptions]


def listeners(view: Options) -> Iterator[EndpointAddress]:
    """Yield every SMTP endpoint at each of its addresses."""
    for endpoint in view.spec.endpoints:
        if endpoint.protocol.family == "smtp":
            for address in endpoint.addresses:
                yield EndpointAddress(endpoint, address)


def _of(
    wanted: Callable[[EndpointAddress], bool],
) -> Callable[[Options], Iterator[EndpointAddress]]:
    return lambda view: filter(wanted, listeners(view))


def is_mx(listener: EndpointAddress) -> bool:
    """Tell whether other servers deliver here."""
    return listener.endpoint.protocol.name == "smtp"


def is_submission(listener: EndpointAddress) -> bool:
    """Tell whether users send here."""
    return listener.endpoint.protocol.is_submission


def starts_in_clear(listener: EndpointAddress) -> bool:
    """Tell whether TLS begins with STARTTLS."""
    return listener.endpoint.security is Security.STARTTLS


def _is_clear_submission(listener: EndpointAddress) -> bool:
    return is_submission(listener) and starts_in_clear(listener)


def _found(rule: Rule, listener: EndpointAddress, **facts: str) -> Finding:
    return rule.at(listener, listener.endpoint.where, **facts)


async def is_reachable(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """Connect."""
    try:
        await world.ask(ServerSession(at))
    except ConnectionRejected as why:
        yield _found(rules.CLOSED, at, why=str(why))


async def greets_by_name(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """Compare the greeting with the host's name."""
    session, want = await world.ask(ServerSession(at)), at.endpoint.host
    greeting = session.greeting
    name = greeting.lines[0].split(" ")[0].lower() if greeting.lines else ""
    if greeting.status != GREETED or name != want:
        yield _found(rules.GREETING, at, got=str(greeting), want=want)
    if session.waited > rules.PATIENCE_SECONDS:
        yield _found(rules.LATE, at, got=f"{session.waited:g} s")


async def says_its_name(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """Compare the name in the EHLO reply with the host's name."""
    got, want = (await world.ask(ServerSession(at))).ehlo_name, at.endpoint.host
    if got.lower() != want:
        yield _found(rules.EHLO_NAME, at, got=got, want=want)


async def offers_starttls(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """See that STARTTLS is offered, accepted, and not fooled by injected text."""
    session = await world.ask(ServerSession(at))
    if "STARTTLS" not in session.before:
        yield _found(rules.NO_STARTTLS, at, got="not offered")
    elif session.upgrade and session.upgrade.is_temporary:
        raise Inconclusive(f"STARTTLS was deferred: {session.upgrade}")
    elif session.upgrade and not session.upgrade.is_positive:
        yield _found(rules.NO_STARTTLS, at, got=f"offered but refused: {session.upgrade}")
    if "injection" in session.probes:
        yield _found(rules.INJECTION, at, got=str(session.probes["injection"]))


async def offers_capabilities(
    view: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Compare what EHLO offers inside TLS with what is rendered."""
    session = await world.ask(ServerSession(at))
    offered = session.after or session.before
    expected = [word for asked in _rendered(view, at, SmtpCapabilities) for word in asked.keywords]
    missing = [keyword for keyword in expected if keyword not in offered]
    if missing:
        yield _found(rules.CAPABILITY, at, missing=" ".join(missing), want=" ".join(expected))
    for limit in _rendered(view, at, MessageSizeLimit):
        size = str(limit.octets)
        if offered.get("SIZE", size) != size:
            yield _found(rules.SIZE, at, got=offered["SIZE"], want=size)
    too_large = session.probes.get("too large")
    if too_large and too_large.is_positive:
        yield _found(rules.LIMIT_IGNORED, at, limit=offered["SIZE"], got=str(too_large))
    if "SMTPUTF8" in offered:
        why = "the mail store would bounce internationalized mail"
        yield _found(rules.UNWANTED, at, found="SMTPUTF8", why=why)


def _rendered(view: Options, at: EndpointAddress, kind: type[R]) -> tuple[R, ...]:
    """Return what the plugin that renders the server says of it."""
    host = view.spec.host_named(at.endpoint.host)
    return view.requests_on(host).of(kind) if host else ()


async def no_auth_before_tls(
    _: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """See that no password can be sent in clear: not offered, and refused when tried."""
    session = await world.ask(ServerSession(at))
    if "AUTH" in session.before:
        yield _found(rules.AUTH_IN_CLEAR, at, got=f"offered ({session.before['AUTH']})")
    tried = session.probes.get("login before TLS")
    # 535 says that the password was wrong: it was taken and looked at.
    if tried and (tried.is_positive or tried.status == "535"):
        yield _found(rules.AUTH_IN_CLEAR, at, got=f"accepted ({tried})")


async def no_clear_mail(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """See that submission takes no mail before TLS."""
    tried = (await world.ask(ServerSession(at))).probes.get("mail before TLS")
    if tried is None:
        raise Inconclusive("the session ended before MAIL could be tried")
    if tried.is_positive:
        yield _found(rules.MAIL_IN_CLEAR, at, got=str(tried))


async def no_auth_on_mx(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """See that port 25 lets nobody log in, before or after TLS."""
    session = await world.ask(ServerSession(at))
    for offered in (session.before, session.after):
        if "AUTH" in offered:
            yield _found(rules.AUTH_ON_MX, at, got=offered["AUTH"])
            return


async def offers_auth(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """See that users can log in once TLS runs."""
    offered = (await world.ask(ServerSession(at))).after.get("AUTH", "")
    if "PLAIN" not in offered.split():
        yield _found(rules.NO_AUTH, at, got=offered or "nothing")


async def refuses_relay(_: Options, at: EndpointAddress, world: World) -> AsyncIterator[Finding]:
    """See that mail of a stranger to a foreign domain is refused; no message is sent."""
    tried = (await world.ask(ServerSession(at))).probes.get("relay")
    if tried is None:
        raise Inconclusive("the session ended before a recipient could be tried")
    if tried.is_temporary:
        raise Inconclusive(f"the recipient was deferred: {tried}")
    if tried.is_positive:
        yield _found(rules.RELAY, at, got=str(tried))


CHECKS = (
    Check("smtp.reachable", "The port accepts connections.", listeners, is_reachable),
    Check("smtp.greeting", "The greeting has the host's name.", listeners, greets_by_name),
    Check("smtp.ehlo-name", "The EHLO reply has the host's name.", listeners, says_its_name),
    Check("smtp.starttls", "STARTTLS works.", _of(starts_in_clear), offers_starttls),
    Check(
        "smtp.capabilities",
        "The EHLO keywords are those of the rendered configuration.",
        listeners,
        offers_capabilities,
    ),
    Check(
        "smtp.no-plaintext-auth",
        "AUTH is not offered without TLS.",
        _of(starts_in_clear),
        no_auth_before_tls,
        former=("smtp.no-clear-auth",),
    ),
    Check("smtp.no-auth-on-25", "Port 25 offers no AUTH.", _of(is_mx), no_auth_on_mx),
    Check("smtp.auth", "Users can log in over TLS.", _of(is_submission), offers_auth),
    Check(
        "smtp.no-plaintext-mail",
        "Submission without TLS is rejected.",
        _of(_is_clear_submission),
        no_clear_mail,
        former=("smtp.no-clear-mail",),
    ),
    Check("smtp.no-relay", "Unauthenticated clients cannot relay.", listeners, refuses_relay),
)
