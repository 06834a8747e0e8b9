"""Where a spec has a text that no file can hold."""

import pytest

from mailconf.engine.locate import locate

DATA = {
    "hosts": {"mail": {"send_as": ["ops@example.org", "A#b@example.org"]}},
    "domains": {"example.org": {"aliases": {"x#y": ["alice"]}, "port": 25}},
}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param("a#b@example.org", ("hosts", "mail", "send_as", 1), id="regardless of case"),
        pytest.param("x#y@other.example", ("domains", "example.org", "aliases", "x#y"), id="a key"),
        pytest.param("ops#@example.org", ("domains", "example.org"), id="the longest part"),
        pytest.param("nothing of it", (), id="nowhere"),
        pytest.param("25", (), id="a number"),
    ],
)
def test_a_value_is_found(value: str, found: tuple[str | int, ...]) -> None:
    assert locate(value, DATA) == found
