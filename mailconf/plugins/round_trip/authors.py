"""A message from a user to itself, with somebody else in From:, is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from mailconf.model.finding import Finding
from mailconf.model.plugin import Check
from mailconf.model.questions.delivery import ProbeRoute, SendProbe
from mailconf.model.world import ConnectionRejected, Inconclusive, World
from mailconf.plugins.round_trip import rules
from mailconf.plugins.round_trip.places import NOT_LET_IN, Options, trips, where_of


def with_another_author(view: Options) -> Iterator[ProbeRoute]:
    """Yield a trip of each account through every submission service, at one of its addresses."""
    seen: set[tuple[str, str]] = set()
    for trip in trips(view):
        door = (trip.account.address, str(trip.by.endpoint))
        if door not in seen:
            seen.add(door)
            yield replace(trip, author=trip.account.other)


async def writes_as_itself(
    _view: Options, trip: ProbeRoute, world: World
) -> AsyncIterator[Finding]:
    """Send, and see that it is refused; what is taken is looked for and removed."""
    journey, where = await world.ask(SendProbe(trip)), where_of(trip.account)
    reply, address = journey.reply, trip.account.address
    if reply.is_temporary:
        raise Inconclusive(f"{trip.by} defers it: {reply}")
    if reply.status in NOT_LET_IN:
        raise ConnectionRejected(f"the login of {trip.account} is rejected: {reply}")
    if reply.is_positive:
        yield rules.FOREIGN_AUTHOR.at(trip, where, address=address, author=trip.author, got=reply)
    if journey.left and journey.arrivals:
        yield rules.LEFT.at(trip, where, token=journey.token, why=journey.left)


CHECKS = (
    Check(
        "delivery.author",
        "Users cannot use another author in From:.",
        with_another_author,
        writes_as_itself,
        intrusive=True,
        former=("trip.author",),
    ),
)
