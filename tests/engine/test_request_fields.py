"""A request with a value of a wrong type is told before anybody reads it."""

from typing import Any

import pytest

from mailconf.engine.request_fields import wrong_fields
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import OpenPort
from mailconf.model.requests.mta import Milter

WRONG: list[Any] = [
    pytest.param(OpenPort(host="a", port=25, sources=("192.0.2.1",)), [], id="right"),
    pytest.param(OpenPort(host="a", port="25"), ["port"], id="text for a number"),  # type: ignore[arg-type]
    pytest.param(OpenPort(host=5, port=25), ["host"], id="number for a text"),  # type: ignore[arg-type]
    pytest.param(OpenPort(host="a", port=25, sources=["b"]), ["sources"], id="list"),  # type: ignore[arg-type]
    pytest.param(OpenPort(host="a", port=25, sources=([],)), ["sources"], id="tuple of lists"),  # type: ignore[arg-type]
    pytest.param(Milter(host="a", way=None, address="x"), ["way"], id="none of the words"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("request_", "names"), WRONG)
def test_wrong_fields(request_: PluginRequest, names: list[str]) -> None:
    assert [name for name, _, _ in wrong_fields(request_)] == names
