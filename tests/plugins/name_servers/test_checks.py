"""Servers of one zone that say different things."""

import pytest

from mailconf.model.record import Record
from mailconf.plugins.name_servers import plugin
from mailconf.testing import FakeAuthorities, FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

NAME = "example.org."
RECORDS = (Record(NAME, "MX", "10 mail.example.org."),)
SEEN = view(plugin, spec_of(), records=RECORDS)
DOMAIN = SEEN.spec.domains["example.org"]
CHECK = check_of(plugin, "zone.consistent")


def server(mx: str, *texts: str) -> FakeWorld:
    return FakeWorld({(NAME, "MX"): (mx,), (NAME, "TXT"): texts})


RIGHT, OLD = server("10 mail.example.org."), server("10 old.example.org.")


@pytest.mark.parametrize(
    ("servers", "found"),
    [
        pytest.param({"a": RIGHT, "b": RIGHT}, [], id="agree"),
        pytest.param({"a": RIGHT, "b": OLD, "c": RIGHT}, ["DNS014"], id="one is behind"),
        pytest.param({"a": OLD, "b": RIGHT}, [], id="the resolver sees it too"),
        pytest.param(
            {"a": RIGHT, "b": server("10 mail.example.org.", "v=spf1 -all")},
            ["DNS014"],
            id="another text",
        ),
        pytest.param(
            {"a": RIGHT, "b": FakeWorld(silent=frozenset({NAME}))}, [], id="one is silent"
        ),
    ],
)
async def test_servers_that_disagree(servers: dict[str, FakeWorld], found: list[str]) -> None:
    done = await outcome(CHECK, SEEN, DOMAIN, FakeAuthorities(servers))
    assert codes(done.findings) == found
    assert done.verdict == ("failed" if found else "passed")


async def test_who_is_right_is_named() -> None:
    done = await outcome(CHECK, SEEN, DOMAIN, FakeAuthorities({"a": RIGHT, "b": OLD, "c": RIGHT}))
    (finding,) = done.findings
    assert finding.message == "MX is 10 mail.example.org. at a, c but 10 old.example.org. at b"


async def test_servers_that_cannot_be_asked_from_here_are_left_alone() -> None:
    """Many networks let their own resolver alone ask outside."""
    silent = FakeWorld(silent=frozenset({NAME}))
    done = await outcome(CHECK, SEEN, DOMAIN, FakeAuthorities({"a": silent}))
    assert (done.verdict, done.why) == (
        "skipped",
        "no authoritative server of example.org. is reachable",
    )


@pytest.mark.parametrize(
    ("world", "verdict", "found"),
    [
        pytest.param(RIGHT, "passed", [], id="proved, or not signed"),
        pytest.param(FakeWorld(bogus=frozenset({NAME})), "failed", ["DNS015"], id="bogus"),
        pytest.param(FakeWorld(broken=frozenset({NAME})), "unknown", [], id="another failure"),
    ],
)
async def test_a_zone_that_does_not_validate(
    world: FakeWorld, verdict: str, found: list[str]
) -> None:
    check = check_of(plugin, "zone.dnssec")
    done = await outcome(check, SEEN, "example.org", world)
    assert (done.verdict, codes(done.findings)) == (verdict, found)
    assert list(check.subjects(SEEN)) == ["example.org", "mail.example.org"]


@pytest.mark.parametrize(
    ("name", "where"),
    [("example.org", ("domains", "example.org")), ("mail.example.org", ("hosts", "mail"))],
)
async def test_the_spec_line_is_that_of_the_name(name: str, where: tuple[str, str]) -> None:
    world = FakeWorld(bogus=frozenset({f"{name}."}))
    done = await outcome(check_of(plugin, "zone.dnssec"), SEEN, name, world)
    assert [finding.where for finding in done.findings] == [where]
