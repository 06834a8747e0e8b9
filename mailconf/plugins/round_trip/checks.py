"""A message from a user to itself: that it arrives, and how receivers would judge it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from email.message import Message
from email.parser import HeaderParser
from functools import partial

from mailconf.formats.authentication_results import AuthenticationResults
from mailconf.mailauth import dkim, dmarc, spf
from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.measure import Measure
from mailconf.model.plugin import Check
from mailconf.model.questions.delivery import (
    Delivery,
    DeliveryReport,
    ProbeRoute,
    SendProbe,
    SmugglingProbe,
)
from mailconf.model.world import ConnectionRejected, Inconclusive, World
from mailconf.plugins.round_trip import rules
from mailconf.plugins.round_trip.places import (
    NOT_LET_IN,
    Options,
    at_every_door,
    trips,
    where_of,
)
from mailconf.plugins.round_trip.received import is_without_tls, protocols

INBOX = "INBOX"
METHODS = ("dkim", "spf", "dmarc")


def judged_trips(view: Options) -> Iterator[ProbeRoute]:
    """Yield the trips of which a receiver elsewhere would see the same: mail leaves from there.

    What a relay or a smarthost sends on is signed there, and has its address.
    """
    for trip in trips(view):
        domain = view.spec.domains[trip.account.domain]
        if _egress(view, trip) and not domain.smarthost:
            yield trip


def _egress(view: Options, trip: ProbeRoute) -> Host | None:
    """Return the host that takes the message, when mail leaves from there."""
    return next((h for h in view.spec.egress if trip.by.address in h.addresses), None)


async def arrives(
    _view: Options, trip: ProbeRoute, world: World
) -> AsyncIterator[Finding | Measure]:
    """Send, and read over every protocol."""
    journey, where = await world.ask(SendProbe(trip)), where_of(trip.account)
    address, reply = trip.account.address, journey.reply
    if reply.is_temporary:
        raise Inconclusive(f"{trip.by} temporarily rejects the message: {reply}")
    if reply.status in NOT_LET_IN:
        raise ConnectionRejected(f"the login of {trip.account} is rejected: {reply}")
    if not reply.is_positive:
        yield rules.NOT_SENT.at(trip, where, address=address, got=reply)
        return
    for reader in map(str, trip.readers):
        for said in _found(trip, journey, reader):
            yield said
    if journey.left and journey.arrivals:
        yield rules.LEFT.at(trip, where, token=journey.token, why=journey.left)
    for silence in journey.silences.values():
        raise Inconclusive(silence)


def _found(trip: ProbeRoute, journey: DeliveryReport, reader: str) -> Iterator[Finding | Measure]:
    """Say how the message came to one reader; of a reader that is silent there is nothing to say.

    POP3 knows no folder but INBOX (RFC 1939 §1): what is filed elsewhere is not missing there.
    """
    arrival = journey.arrivals.get(reader)
    is_elsewhere = any(other.folder != INBOX for other in journey.arrivals.values())
    if arrival:
        yield Measure(reader, arrival.seconds)
        yield from _as_it_should(trip, arrival)
    elif reader not in journey.silences and not is_elsewhere:
        facts = {"token": journey.token, "seconds": trip.seconds, "address": trip.account.address}
        yield rules.NOT_ARRIVED.at(reader, where_of(trip.account), **facts)


def _as_it_should(trip: ProbeRoute, arrival: Delivery) -> Iterator[Finding]:
    """Yield what is wrong with where and how a message lies there."""
    where, address = where_of(trip.account), trip.account.address
    if arrival.folder != INBOX:
        yield rules.FILED_AS_SPAM.at(trip, where, address=address, folder=arrival.folder)
    message = _message(arrival)
    host = trip.by.endpoint.host
    kinds = protocols(message, host)
    if is_without_tls(kinds):
        yield rules.RECEIVED_IN_CLEAR.at(trip, where, host=host, got=" and ".join(sorted(kinds)))
    for field, want in (("From", f"mailconf probe <{address}>"), ("To", f"<{address}>")):
        if message[field] != want:
            yield rules.CHANGED.at(trip, where, field=field, got=message[field], want=want)


async def stays(_view: Options, trip: ProbeRoute, world: World) -> AsyncIterator[Finding]:
    """See that a message that was read lies there in the next session, under the same id."""
    journey, where = await world.ask(SendProbe(trip)), where_of(trip.account)
    for reader, arrival in journey.arrivals.items():
        if not arrival.id_again:
            yield rules.TAKEN_AWAY.at(reader, where)
        elif arrival.id_again != arrival.id:
            ids = {"one": arrival.id, "other": arrival.id_again}
            yield rules.IDS_CHANGE.at(reader, where, **ids)


async def is_signed(_view: Options, trip: ProbeRoute, world: World) -> AsyncIterator[Finding]:
    """Verify the signatures of the message as it arrived, and see that one is the domain's."""
    address = trip.account.address
    found = await dkim.verify(_octets(await _arrival(trip, world)), world)
    passed = sorted({one.domain for one in found if one.result == "pass"})
    if not passed and any(one.result == "temperror" for one in found):
        raise Inconclusive("; ".join(one.why for one in found))
    if not passed:
        told = "; ".join(f"with dkim={one.result} ({one.why})" for one in found)
        yield rules.UNSIGNED.at(
            trip, where_of(trip.account), address=address, got=told or "unsigned"
        )
        return
    domain = trip.account.domain
    judged = await dmarc.evaluate(domain, world, dkim=passed)
    if not any(one.is_aligned for one in judged.identifiers):
        facts = {"address": address, "signers": ", ".join(passed), "domain": domain}
        yield rules.NOT_ALIGNED.at(trip, where_of(trip.account), **facts)


async def comes_from_us(view: Options, trip: ProbeRoute, world: World) -> AsyncIterator[Finding]:
    """Evaluate SPF for the addresses from which the host that took the message sends."""
    await _arrival(trip, world)
    for ip, result in await _spf(view, trip, world):
        if result == "temperror":
            raise Inconclusive(f"SPF of {ip}: temperror")
        if result != "pass":
            facts = {"address": trip.account.address, "ip": ip, "got": result}
            yield rules.SPF_FAILS.at(trip, where_of(trip.account), **facts)


async def _spf(view: Options, trip: ProbeRoute, world: World) -> list[tuple[str, str]]:
    """Return what SPF says of each address of the host from which mail leaves."""
    host, sender = _egress(view, trip), trip.account.address
    results: list[tuple[str, str]] = []
    for ip in map(str, host.addresses if host else ()):
        name = host.hostname if host else ""
        results.append((ip, (await spf.check_host(ip, sender, name, world)).result))
    return results


async def is_authentic(view: Options, trip: ProbeRoute, world: World) -> AsyncIterator[Finding]:
    """Judge the message as a receiver does, and see that our own hosts say nothing else."""
    arrival, address = await _arrival(trip, world), trip.account.address
    domain = trip.account.domain
    signed = [
        one.domain for one in await dkim.verify(_octets(arrival), world) if one.result == "pass"
    ]
    allowed = all(result == "pass" for _, result in await _spf(view, trip, world))
    judged = await dmarc.evaluate(domain, world, spf=[domain] if allowed else [], dkim=signed)
    if judged.result == "temperror":
        raise Inconclusive(judged.why)
    if judged.result != "pass":
        why = f" ({judged.why})" if judged.why else ""
        facts = {"address": address, "got": judged.result, "why": why}
        yield rules.DMARC_FAILS.at(trip, where_of(trip.account), **facts)
    for told in _failed(view, _message(arrival)):
        yield rules.JUDGED_OTHERWISE.at(trip, where_of(trip.account), got=told)


def _failed(view: Options, message: Message) -> Iterator[str]:
    """Yield what our own hosts wrote into the message that is no pass (RFC 8601)."""
    ours = {host.hostname for host in view.spec.hosts.values()}
    for text in message.get_all("Authentication-Results", []):
        said, _ = AuthenticationResults.parse_leniently(text)
        for one in said.results if said.authserv_id in ours else ():
            if one.method in METHODS and one.result in ("fail", "softfail", "permerror"):
                yield str(one)


async def ends_where_it_should(
    _view: Options, trip: ProbeRoute, world: World
) -> AsyncIterator[Finding]:
    """Try ends of data that only some servers take for one: what follows is a message of anybody's."""
    for name in await world.ask(SmugglingProbe(trip)):
        yield rules.SMUGGLED.at(trip, trip.by.endpoint.where, sequence=name)


async def _arrival(trip: ProbeRoute, world: World) -> Delivery:
    """Return the message at the first reader that has it; raises Inconclusive when none has."""
    journey: DeliveryReport = await world.ask(SendProbe(trip))
    for arrival in journey.arrivals.values():
        return arrival
    raise Inconclusive("the message did not arrive")


def _octets(arrival: Delivery) -> bytes:
    return arrival.message.encode("latin-1")


def _message(arrival: Delivery) -> Message:
    return HeaderParser().parsestr(arrival.message)


_check = partial(Check, intrusive=True)


CHECKS = (
    _check("delivery.arrives", "A test message arrives.", trips, arrives, former=("trip.arrives",)),
    _check(
        "delivery.kept",
        "A message that was read stays, with its unique id.",
        trips,
        stays,
        former=("trip.stays",),
    ),
    _check(
        "delivery.dkim",
        "The test message has a DKIM signature of its domain.",
        judged_trips,
        is_signed,
        former=("trip.dkim",),
    ),
    _check(
        "delivery.spf",
        "The test message passes SPF.",
        judged_trips,
        comes_from_us,
        former=("trip.spf",),
    ),
    _check(
        "delivery.smuggling",
        "Only <CR><LF>.<CR><LF> ends a message.",
        at_every_door,
        ends_where_it_should,
        former=("trip.smuggling",),
    ),
    _check(
        "delivery.dmarc",
        "The test message passes DMARC.",
        judged_trips,
        is_authentic,
        former=("trip.dmarc",),
    ),
)
