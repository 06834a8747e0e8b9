"""Measures: what people read of them."""

from mailconf.model.measure import Measure


def test_a_measure_is_said_in_seconds() -> None:
    assert str(Measure("imaps", 0.314159)) == "imaps 0.31 s"
