"""A message from outside to a user: whoever accepts it has to deliver it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from mailconf.model.finding import Finding
from mailconf.model.measure import Measure
from mailconf.model.plugin import Check
from mailconf.model.questions.delivery import ProbeRoute, SendProbe
from mailconf.model.questions.sessions import Reply
from mailconf.model.world import Inconclusive, World
from mailconf.plugins.round_trip import rules
from mailconf.plugins.round_trip.places import Options, from_outside, where_of

WRONG_ADDRESS = re.compile(r"5\.[12]\.[0-9]+ ")
"""Of the recipient, not of who we are (RFC 3463 §3.2, §3.3): strangers may be refused for much else."""


async def comes_in(
    _view: Options, trip: ProbeRoute, world: World
) -> AsyncIterator[Finding | Measure]:
    """Send as nobody in particular; in which folder it is filed is the filter's business."""
    journey, where = await world.ask(SendProbe(trip)), where_of(trip.account)
    address, reply = trip.account.address, journey.reply
    if not reply.is_positive:
        if not _is_about_address(reply):
            raise Inconclusive(f"{trip.by} rejects mail from the external test sender: {reply}")
        yield rules.REFUSED_FROM_OUTSIDE.at(trip.by, where, address=address, got=reply)
        return
    for reader, arrival in journey.arrivals.items():
        yield Measure(reader, arrival.seconds)
    if not journey.arrivals:
        for silence in journey.silences.values():
            raise Inconclusive(silence)
        facts = {"token": journey.token, "seconds": trip.seconds, "address": address}
        yield rules.LOST_FROM_OUTSIDE.at(trip.by, where, **facts)
    elif journey.left:
        yield rules.LEFT.at(trip.by, where, token=journey.token, why=journey.left)


def _is_about_address(reply: Reply) -> bool:
    return reply.status == "550" and bool(WRONG_ADDRESS.match(f"{' '.join(reply.lines)} "))


OUTSIDE = (
    Check(
        "delivery.inbound",
        "External servers can deliver mail to the domain.",
        from_outside,
        comes_in,
        intrusive=True,
        former=("trip.from-outside",),
    ),
)
