"""Renewal is due by the lifetime of the certificate, not by a number of days."""

from datetime import UTC, datetime, timedelta

import pytest

from mailconf.model.questions.sessions import TlsFacts
from mailconf.model.renewal import is_due

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def lasting(life: float, left: float) -> TlsFacts:
    end = NOW + timedelta(days=left)
    return TlsFacts("TLSv1.3", "", ("a.example",), "CA", end - timedelta(days=life), end)


@pytest.mark.parametrize(
    ("life", "left", "due"),
    [
        pytest.param(90, 31, False, id="a third and more"),
        pytest.param(90, 29, True, id="less than a third"),
        pytest.param(6, 5.9, False, id="of days, and new"),
        pytest.param(6, 2.9, True, id="of days"),
        pytest.param(20, 6.9, True, id="less than a week"),
        pytest.param(47, 0.1, True, id="of hours"),
        pytest.param(90, -1, False, id="over"),
    ],
)
def test_renewal_is_due(life: float, left: float, due: bool) -> None:
    assert is_due(lasting(life, left), NOW) is due
