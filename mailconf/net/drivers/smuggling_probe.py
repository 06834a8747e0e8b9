"""Other ends of data, in messages to the account itself."""

from __future__ import annotations

from mailconf.model.questions.delivery import SmugglingProbe
from mailconf.net.network import Network

QUESTION = SmugglingProbe


async def answer(question: SmugglingProbe, network: Network) -> tuple[str, ...]:
    """Ask with the password of the account."""
    return await network.logins.smuggled(question.trip)
