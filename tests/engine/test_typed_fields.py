"""A value of a wrong type is told before anybody reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from mailconf.engine.typed_fields import wrong_fields
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
def test_wrong_fields_of_requests(request_: PluginRequest, names: list[str]) -> None:
    assert [name for name, _ in wrong_fields(request_)] == names


@dataclass(frozen=True)
class Inner:
    name: str


@dataclass(frozen=True)
class Many:
    word: Literal["a", "b"] = "a"
    number: int = 0
    seconds: float = 0.0
    inner: tuple[Inner, ...] = ()
    pair: tuple[str, int] = ("a", 1)
    either: str | int | None = None
    one: Inner | None = None
    when: datetime | None = None
    call: Callable[[str], str] | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    kind: type[Inner] = Inner
    free: Any = None


PROBLEMS: list[Any] = [
    pytest.param({}, [], id="defaults"),
    pytest.param({"free": [1], "either": 5, "one": Inner("x"), "call": len}, [], id="right"),
    pytest.param({"seconds": 1, "facts": {"a": None}, "inner": (Inner("x"),)}, [], id="also right"),
    pytest.param({"when": datetime.now(UTC)}, [], id="a time with its zone"),
    pytest.param({"word": "c"}, ["word is 'c'; expected one of a, b"], id="none of the words"),
    pytest.param({"word": []}, ["word is list; expected one of a, b"], id="no word"),
    pytest.param({"number": True}, ["number is bool; expected a number"], id="yes for a number"),
    pytest.param({"inner": [Inner("x")]}, ["inner is list; expected a tuple"], id="list"),
    pytest.param(
        {"inner": (Inner("x"), None)},
        ["inner has an item that is None; expected Inner"],
        id="None among others",
    ),
    pytest.param(
        {"inner": (Inner(5),)},  # type: ignore[arg-type]
        ["inner has an item that has the field name, which is int; expected text"],
        id="deep inside",
    ),
    pytest.param({"pair": ("a",)}, ["pair is tuple; expected a tuple of 2"], id="half a pair"),
    pytest.param(
        {"pair": (1, 1)}, ["pair has an item that is int; expected text"], id="turned round"
    ),
    pytest.param({"either": 1.5}, ["either is float; expected text or a number"], id="union"),
    pytest.param({"one": "x"}, ["one is str; expected Inner"], id="no dataclass"),
    pytest.param(
        {"one": Inner(5)},  # type: ignore[arg-type]
        ["one has the field name, which is int; expected text"],
        id="inside of what may be None",
    ),
    pytest.param(
        {"when": datetime(2026, 1, 1)},
        ["when is datetime; expected a datetime with its zone"],
        id="a time of nowhere",
    ),
    pytest.param({"call": 5}, ["call is int; expected a function"], id="no function"),
    pytest.param({"facts": []}, ["facts is list; expected a mapping"], id="no mapping"),
    pytest.param({"facts": {5: 5}}, ["facts has a key that is int; expected text"], id="key"),
    pytest.param({"words": ["a"]}, ["words is list; expected frozenset"], id="no set"),
    pytest.param({"kind": 5}, ["kind is int; expected type"], id="no type"),
]


@pytest.mark.parametrize(("values", "told"), PROBLEMS)
def test_wrong_fields(values: dict[str, Any], told: list[str]) -> None:
    assert [f"{name} {problem}" for name, problem in wrong_fields(Many(**values))] == told


def test_what_is_no_dataclass_has_no_fields() -> None:
    assert list(wrong_fields(("a", 5))) == []
