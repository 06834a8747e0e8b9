"""The message that goes round."""

import pytest

from mailconf.net.probe_message import composed
from tests.net.visiting import gone_round
from tests.servers.authority import TestAuthority
from tests.servers.post import USER


@pytest.mark.parametrize("reader", ["imaps", "pop3s"])
async def test_what_arrives_is_what_was_sent(reader: str, authority: TestAuthority) -> None:
    journey, _ = await gone_round(authority, reader)
    (arrival,) = journey.arrivals.values()
    _, _, text = arrival.message.partition("\r\n")
    sent = composed(USER, USER, journey.token).decode()
    date, _, rest = sent.partition("\r\n")
    assert text.partition("\r\n")[2] == rest
    assert date.startswith("Date: ")
