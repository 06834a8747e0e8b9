"""What receivers look up of a domain that sends."""

from typing import Any

import pytest

from mailconf.plugins.mx_records import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

CHECK = check_of(plugin, "mx.sender")
SENDER: dict[str, Any] = {"news.example.org": {"mail": "send-only", "mx": {"mail": 10}}}
NAME = "news.example.org."


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        pytest.param({"MX": ("10 mail.example.org.",)}, [], id="MX"),
        pytest.param({"A": ("192.0.2.80",)}, [], id="an address"),
        pytest.param({"AAAA": ("2001:db8::80",)}, [], id="an IPv6 address"),
        pytest.param({}, ["MX011"], id="nothing"),
        pytest.param({"MX": ("0 .",), "A": ("192.0.2.80",)}, ["MX011"], id="null MX"),
    ],
)
async def test_a_sender_is_found(answers: dict[str, tuple[str, ...]], found: list[str]) -> None:
    seen = view(plugin, spec_of(domains=SENDER))
    (domain,) = CHECK.subjects(seen)
    world = FakeWorld({(NAME, rtype): values for rtype, values in answers.items()})
    assert codes((await outcome(CHECK, seen, domain, world)).findings) == found


def test_domains_that_receive_are_for_another_check() -> None:
    domains: dict[str, Any] = {"a.example": {}, "b.example": {"mail": "none"}, **SENDER}
    seen = view(plugin, spec_of(domains=domains))
    assert [domain.name for domain in CHECK.subjects(seen)] == ["news.example.org"]
