"""A user's message with somebody else in From: is to be refused, in words that are no passing trouble."""

import pytest

from mailconf.model.outcome import Verdict
from mailconf.model.questions.delivery import DeliveryReport
from mailconf.model.questions.sessions import Reply
from mailconf.plugins.round_trip import plugin
from mailconf.testing import FakeWorld
from tests.plugins.asking import check_of, codes, outcome
from tests.plugins.round_trip.test_round_trip import arrival, seen


@pytest.mark.parametrize(
    ("journey", "verdict", "expected"),
    [
        pytest.param(DeliveryReport("t", Reply("550")), Verdict.PASSED, [], id="refused"),
        pytest.param(DeliveryReport("t", Reply("451")), Verdict.UNKNOWN, [], id="deferred"),
        pytest.param(DeliveryReport("t", Reply("535")), Verdict.SKIPPED, [], id="no login"),
        pytest.param(DeliveryReport("t", Reply("250")), Verdict.FAILED, ["RTP025"], id="accepted"),
        pytest.param(
            DeliveryReport("t", Reply("250"), {"imap": arrival()}, {}, "read-only"),
            Verdict.FAILED,
            ["RTP014", "RTP025"],
            id="accepted and left behind",
        ),
    ],
)
async def test_another_author(
    journey: DeliveryReport, verdict: Verdict, expected: list[str]
) -> None:
    check, view = check_of(plugin, "delivery.author"), seen()
    trip, *_ = check.subjects(view)
    assert trip.author == trip.account.other
    assert str(trip).endswith(f", From: {trip.author}")
    told = await outcome(check, view, trip, FakeWorld(journeys={str(trip): journey}))
    assert (told.verdict, codes(told.findings)) == (verdict, expected)


def test_each_service_is_tried_once_an_account() -> None:
    trips = list(check_of(plugin, "delivery.author").subjects(seen()))
    doors = [(trip.account.address, str(trip.by.endpoint)) for trip in trips]
    assert doors
    assert len(doors) == len(set(doors))
