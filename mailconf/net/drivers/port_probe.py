"""A connection, and nothing said."""

from __future__ import annotations

from mailconf.model.questions.ports import Port, PortProbe
from mailconf.net.dial import knock
from mailconf.net.network import Network

QUESTION = PortProbe
KNOCK_SECONDS = 2.5
"""One lost packet is sent again within this time (RFC 6298 §2)."""


async def answer(question: PortProbe, network: Network) -> Port:
    """Connect and hang up."""
    async with network.turn():
        return await knock(network.place_of(question.listener), KNOCK_SECONDS)
