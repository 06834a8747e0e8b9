"""Senders that would fail tomorrow."""

from typing import Any

import pytest

from mailconf.plugins.spf import plugin
from mailconf.plugins.spf.plan_checks import answer_size
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import plan_checks, view

ZONES = {
    ("example.org.", "MX"): ("10 mail.example.org.",),
    ("mail.example.org.", "A"): ("192.0.2.25",),
    ("other.example.", "A"): ("198.51.100.1",),
}


@pytest.mark.parametrize(
    ("domain", "today", "found"),
    [
        pytest.param({}, [], [], id="nothing today"),
        pytest.param({}, ["v=spf1 ip4:192.0.2.25 ~all"], [], id="the same"),
        pytest.param({}, ["v=spf1 mx a:mail.example.org ~all"], [], id="the same by name"),
        pytest.param({}, ["v=spf1 ip4:192.0.2.0/24 ~all"], ["DNG002"], id="a network"),
        pytest.param({}, ["v=spf1 a:other.example ~all"], ["DNG002"], id="another host"),
        pytest.param({}, ["v=spf1 include:_spf.example.net ~all"], ["DNG002"], id="a provider"),
        pytest.param({}, ["v=spf1 exists:%{i}.example.net ~all"], ["DNG002"], id="a macro"),
        pytest.param({}, ["v=spf1 redirect=_spf.example.net"], ["DNG002"], id="redirect"),
        pytest.param({}, ["v=spf1 -ip4:203.0.113.9 +all"], [], id="everybody is nobody"),
        pytest.param(
            {"senders": [{"include": "_spf.example.net"}, {"addresses": ["198.51.100.0/24"]}]},
            ["v=spf1 include:_spf.example.net a:other.example ip4:198.51.100.128/25 -all"],
            [],
            id="all are named",
        ),
        pytest.param({"mail": "none"}, ["v=spf1 ip4:192.0.2.25 -all"], ["DNG002"], id="parked"),
        pytest.param({}, ["v=spf1 ipv4:1 ip4:198.51.100.9 -all"], ["DNG002"], id="a broken record"),
    ],
)
async def test_spf_narrowed(domain: dict[str, Any], today: list[str], found: list[str]) -> None:
    world = FakeWorld({**ZONES, ("example.org.", "TXT"): tuple(today)})
    seen = view(plugin, spec_of(domains={"example.org": domain}))
    assert await plan_checks(plugin, seen, world) == found


@pytest.mark.parametrize(("count", "found"), [(1, []), (9, ["DNG008"])])
async def test_texts_that_do_not_fit(count: int, found: list[str]) -> None:
    texts = tuple(f"site-verification={number}{'x' * 40}" for number in range(count))
    world = FakeWorld({("example.org.", "TXT"): texts})
    assert await plan_checks(plugin, view(plugin, spec_of()), world) == found


def test_the_size_of_an_answer() -> None:
    """Header 12, question 17, each record 12 and its strings with their lengths."""
    assert answer_size("example.org", ["a" * 300]) == 12 + 17 + 12 + 302
