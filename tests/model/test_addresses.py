"""A name leads to a machine by either family."""

import pytest

from mailconf.model.addresses import has_address
from mailconf.model.world import Inconclusive
from mailconf.testing import FakeWorld

HOST = "mail.example.org."


@pytest.mark.parametrize(
    ("zones", "found"),
    [
        pytest.param({(HOST, "A"): ("192.0.2.25",)}, True, id="IPv4"),
        pytest.param({(HOST, "AAAA"): ("2001:db8::25",)}, True, id="IPv6"),
        pytest.param({(HOST, "TXT"): ("v=spf1 -all",)}, False, id="neither"),
    ],
)
async def test_families(zones: dict[tuple[str, str], tuple[str, ...]], found: bool) -> None:
    assert await has_address(HOST, FakeWorld(zones)) is found


async def test_silence_is_not_nothing() -> None:
    with pytest.raises(Inconclusive):
        await has_address(HOST, FakeWorld(silent=frozenset({HOST})))
