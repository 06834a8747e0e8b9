"""A world in which nobody is to be reached."""

from collections.abc import Mapping

from mailconf.model.endpoint import Listener
from mailconf.model.world import (
    Account,
    Agreement,
    Answer,
    CannotTell,
    Envelope,
    Journey,
    Offer,
    Page,
    Port,
    Reply,
    Session,
    Trip,
)


class MuteWorld:
    """Everything but DNS is silent."""

    async def answers(self, name: str, _rtype: str, /) -> Mapping[str, Answer | CannotTell]:
        raise CannotTell(name)

    async def session(self, listener: Listener) -> Session:
        raise CannotTell(str(listener))

    async def page(self, url: str, _xml: str = "", _at: str = "") -> Page:
        raise CannotTell(url)

    async def transactions(
        self, listener: Listener, _envelopes: tuple[Envelope, ...], /
    ) -> Mapping[Envelope, Reply]:
        raise CannotTell(str(listener))

    async def login(self, listener: Listener, _account: Account, /) -> Session:
        raise CannotTell(str(listener))

    async def journey(self, trip: Trip) -> Journey:
        raise CannotTell(str(trip))

    async def smuggled(self, trip: Trip) -> tuple[str, ...]:
        raise CannotTell(str(trip))

    async def injected(self, listener: Listener) -> str:
        raise CannotTell(str(listener))

    async def agreed(self, listener: Listener, _offer: Offer) -> Agreement:
        raise CannotTell(str(listener))

    async def knock(self, _listener: Listener, /) -> Port:
        return "silent"
