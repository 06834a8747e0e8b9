"""Durations and sizes, as people write them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from mailconf.model.base import Octets, Seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("10m", 600), ("1h", 3600), ("14d", 1_209_600), ("2w", 1_209_600)],
)
def test_durations(text: object, seconds: int) -> None:
    assert TypeAdapter(Seconds).validate_python(text) == seconds


@pytest.mark.parametrize(
    ("text", "octets"), [("1K", 1024), ("500M", 524_288_000), ("2G", 2_147_483_648)]
)
def test_sizes(text: object, octets: int) -> None:
    assert TypeAdapter(Octets).validate_python(text) == octets


@pytest.mark.parametrize("text", ["14", 14, 0, "1.5h", "2 d", "-1s", -1, True, None, "1y", "2GB"])
def test_what_is_neither(text: object) -> None:
    for kind in (Seconds, Octets):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(text)
