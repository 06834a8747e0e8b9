"""A message that is sent, awaited and removed."""

from __future__ import annotations

from mailconf.model.questions.delivery import DeliveryReport, SendProbe
from mailconf.net.network import Network

QUESTION = SendProbe


async def answer(question: SendProbe, network: Network) -> DeliveryReport:
    """Ask with the password of the account."""
    return await network.logins.journey(question.trip)
