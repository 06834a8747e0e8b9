"""Short ways to a post office, and to whoever logs in there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from mailconf.model.questions.delivery import DeliveryReport, ProbeRoute, SendProbe
from mailconf.model.questions.logins import Account
from mailconf.net.live import LiveWorld
from tests.net.asking import HOST, listener
from tests.servers.authority import TestAuthority
from tests.servers.post import PASSWORD, USER, Office, opened

ALICE, WRONG = Account(USER, "ref+env://ALICE"), Account(USER)


def asking(authority: TestAuthority, seconds: float = 5.0) -> LiveWorld:
    return LiveWorld(
        now=datetime.now(UTC),
        authorities=authority.file.read_text(),
        reveal={"ref+env://ALICE": PASSWORD}.__getitem__,
        seconds=seconds,
    )


@asynccontextmanager
async def office(authority: TestAuthority, **wrong: Any) -> AsyncIterator[Office]:
    async with opened(Office(**wrong), authority, HOST) as running:
        yield running


def trip(running: Office, *readers: str, seconds: int = 1, by: str = "submissions") -> ProbeRoute:
    found = tuple(listener(name, running.ports[name]) for name in readers)
    return ProbeRoute(ALICE, listener(by, running.ports[by]), found, seconds)


async def gone_round(
    authority: TestAuthority, *readers: str, **wrong: Any
) -> tuple[DeliveryReport, Office]:
    async with office(authority, **wrong) as running:
        return await asking(authority).ask(SendProbe(trip(running, *readers))), running
