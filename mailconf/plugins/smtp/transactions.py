"""Live checks of recipients: who must be taken, who must not. No message is ever sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.model.domain import Domain
from mailconf.model.endpoint import EndpointAddress
from mailconf.model.finding import Finding, Rule
from mailconf.model.plugin import Check, View
from mailconf.model.questions.sessions import Reply, ServerSession
from mailconf.model.questions.transactions import Envelope, SmtpTransactions
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.smtp import rules
from mailconf.plugins.smtp.options import SmtpOptions

Options = View[SmtpOptions]
FOREIGN = "mailconf-probe-foreign.example"
NOBODY = "mailconf-probe-nobody"
MOST_DOMAINS = 50
"""Domains of one host that are asked about: each costs two commands of a session."""
NOT_THERE = "252"
"""Cannot VRFY, but will take the message: says nothing (RFC 5321 §3.5.3)."""


def mx_listeners(view: Options) -> Iterator[EndpointAddress]:
    """Yield the listeners that take mail for domains of ours."""
    for endpoint in view.spec.endpoints:
        if endpoint.protocol.name == "smtp":
            for address in endpoint.addresses:
                at = EndpointAddress(endpoint, address)
                if served(view, at):
                    yield at


def served(view: Options, at: EndpointAddress) -> list[Domain]:
    """Return the domains that a listener takes mail for."""
    return list(view.spec.taken_by(at.endpoint.host)[:MOST_DOMAINS])


def duties(domains: list[Domain]) -> dict[Envelope, Rule]:
    """Return whom everybody may write to, and the rule that says so."""
    found: dict[Envelope, Rule] = {}
    for domain in domains:
        found[_to(domain.address("postmaster"))] = rules.POSTMASTER
        if "abuse" in domain.aliases or "abuse" in domain.mailboxes:
            found[_to(domain.address("abuse"))] = rules.ABUSE
    return found


def nobodies(domains: list[Domain]) -> tuple[Envelope, ...]:
    """Return a recipient who does not exist, in a domain that takes not just any."""
    strict = [domain for domain in domains if domain.catch_all is None]
    return tuple(_to(domain.address(NOBODY)) for domain in strict[:1])


def tricks(domains: list[Domain]) -> tuple[Envelope, ...]:
    """Return ways to name somebody elsewhere that relays have fallen for."""
    domain, foreign = domains[0], f"probe@{FOREIGN}"
    routed = (_to(f"@{domain.name}:{foreign}"), Envelope(domain.address("postmaster"), foreign))
    if domain.catch_all is not None:
        return routed
    locals_ = (f"probe%{FOREIGN}", f"{FOREIGN}!probe", f'"{foreign}"')
    return (*routed, *(_to(f"{local}@{domain.name}") for local in locals_))


def _to(recipient: str) -> Envelope:
    return Envelope("", recipient)


async def _replies(view: Options, at: EndpointAddress, world: World) -> dict[Envelope, Reply]:
    """Ask for all recipients at once: the same question for every check."""
    domains = served(view, at)
    envelopes = (*duties(domains), *nobodies(domains), *tricks(domains))
    replies = await world.ask(SmtpTransactions(at, envelopes))
    return dict(replies)


def _final(found: dict[Envelope, Reply], envelope: Envelope) -> Reply:
    """Return a reply that says yes or no."""
    reply = found.get(envelope)
    if reply is None:
        raise Inconclusive(f"the session ended before {envelope} could be tried")
    if reply.is_temporary:
        raise Inconclusive(f"{envelope} was temporarily rejected: {reply}")
    return reply


async def takes_mail_for_postmaster(
    view: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Try the addresses that every domain must have."""
    found = await _replies(view, at, world)
    for envelope, rule in duties(served(view, at)).items():
        reply = _final(found, envelope)
        if not reply.is_positive:
            facts = {"address": envelope.recipient, "got": str(reply)}
            yield rule.at(at, at.endpoint.where, **facts)


async def refuses_nobody(
    view: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Try a recipient who does not exist."""
    found = await _replies(view, at, world)
    for envelope in nobodies(served(view, at)):
        reply = _final(found, envelope)
        if reply.is_positive:
            facts = {"address": envelope.recipient, "got": str(reply)}
            yield rules.NOBODY_ACCEPTED.at(at, at.endpoint.where, **facts)


async def refuses_tricks(
    view: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Try every way to relay; one accepted is told though others could not be tried."""
    found = await _replies(view, at, world)
    envelopes = tricks(served(view, at))
    for envelope in envelopes:
        if envelope in found and found[envelope].is_positive:
            facts = {"envelope": envelope, "got": str(found[envelope])}
            yield rules.RELAY_TRICK.at(at, at.endpoint.where, **facts)
    for envelope in envelopes:
        _final(found, envelope)


async def keeps_names_to_itself(
    _: Options, at: EndpointAddress, world: World
) -> AsyncIterator[Finding]:
    """Compare VRFY of somebody and of nobody; EXPN must tell nothing."""
    probes = (await world.ask(ServerSession(at))).probes
    if not {"vrfy postmaster", "vrfy nobody", "expn"} <= probes.keys():
        raise Inconclusive("the session ended before VRFY could be tried")
    somebody, nobody, expn = (probes[k] for k in ("vrfy postmaster", "vrfy nobody", "expn"))
    if somebody.is_temporary or nobody.is_temporary:
        raise Inconclusive(f"VRFY was deferred: {somebody}")
    if somebody.status != nobody.status:
        facts = {"got": str(somebody), "other": str(nobody)}
        yield rules.VRFY_LEAKS.at(at, at.endpoint.where, **facts)
    if expn.is_positive and expn.status != NOT_THERE:
        yield rules.EXPN_LEAKS.at(at, at.endpoint.where, got=str(expn))


CHECKS = (
    Check(
        "smtp.postmaster",
        "Mail to postmaster is accepted.",
        mx_listeners,
        takes_mail_for_postmaster,
    ),
    Check(
        "smtp.unknown-recipient",
        "Unknown recipients are rejected.",
        mx_listeners,
        refuses_nobody,
        former=("smtp.nobody",),
    ),
    Check(
        "smtp.relay-variants",
        "No spelling of a recipient relays.",
        mx_listeners,
        refuses_tricks,
        former=("smtp.no-tricks",),
    ),
    Check(
        "smtp.user-enumeration",
        "VRFY and EXPN do not reveal addresses.",
        mx_listeners,
        keeps_names_to_itself,
        former=("smtp.discreet",),
    ),
)
