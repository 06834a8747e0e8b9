"""Lists that have us, lists that do not, and lists that do not say."""

from collections.abc import Mapping

import pytest

from mailconf.model.outcome import Verdict
from mailconf.plugins.dnsbl import plugin
from mailconf.plugins.dnsbl.checks import addresses, domains
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

HOSTS = {"mail": {"hostname": "mail.example.org", "addresses": ["192.0.2.25", "2001:db8::25"]}}
LISTS = {"address_lists": ["bl.example"], "domain_lists": ["dbl.example"]}
SEEN = view(plugin, spec_of(hosts=HOSTS), options=LISTS)
OURS, TEST, NEVER = "25.2.0.192.bl.example.", "2.0.0.127.bl.example.", "1.0.0.127.bl.example."
WORKS = {(TEST, "A"): ("127.0.0.2",)}
LISTED = {(OURS, "A"): ("127.0.0.4",), (OURS, "TXT"): ("see https://bl.example/25",)}


async def told(zones: Mapping[tuple[str, str], tuple[str, ...]]) -> tuple[Verdict, list[str], str]:
    first = next(addresses(SEEN))
    done = await outcome(check_of(plugin, "dnsbl.address"), SEEN, first, FakeWorld(zones))
    words = done.findings[0].message if done.findings else done.why
    return done.verdict, codes(done.findings), words


async def test_an_address_that_is_on_no_list() -> None:
    assert await told(WORKS) == (Verdict.PASSED, [], "")


async def test_an_address_that_is_listed() -> None:
    found = await told({**WORKS, **LISTED})
    assert found == (
        Verdict.FAILED,
        ["DBL001"],
        "192.0.2.25 is listed on bl.example: 127.0.0.4 (see https://bl.example/25)",
    )


@pytest.mark.parametrize(
    ("zones", "why"),
    [
        pytest.param({}, "its test entry is missing", id="a dead list"),
        pytest.param(
            {**LISTED, (NEVER, "A"): ("127.0.0.2",)}, "lists every entry", id="a list of all"
        ),
        pytest.param({(OURS, "A"): ("127.255.255.254",)}, "public resolvers", id="not served"),
        pytest.param(
            {(OURS, "A"): ("127.255.255.255",)}, "query limit is exceeded", id="asked too often"
        ),
        pytest.param(
            {(OURS, "A"): ("203.0.113.7",)}, "which is not a DNSBL result", id="a parked domain"
        ),
        pytest.param(
            {(OURS, "A"): ("127.0.0.1",)}, "which is not a DNSBL result", id="a resolver's lie"
        ),
    ],
)
async def test_what_is_no_listing(zones: dict[tuple[str, str], tuple[str, ...]], why: str) -> None:
    verdict, found, words = await told(zones)
    assert (verdict, found) == (Verdict.UNKNOWN, [])
    assert why in words


async def test_a_domain_that_is_listed() -> None:
    (entry,) = domains(SEEN)
    zones = {("example.org.dbl.example.", "A"): ("127.0.1.2",)}
    check = check_of(plugin, "dnsbl.domain")
    assert codes((await outcome(check, SEEN, entry, FakeWorld(zones))).findings) == ["DBL002"]
    works = {("test.dbl.example.", "A"): ("127.0.1.2",)}
    assert (await outcome(check, SEEN, entry, FakeWorld(works))).verdict is Verdict.PASSED


def test_ipv6_addresses_are_asked_for_nibble_by_nibble() -> None:
    _, six = addresses(SEEN)
    assert six.key.startswith("5.2.0.0.0.0.")
    assert six.key.endswith(".8.b.d.0.1.0.0.2")
    assert six.always.startswith("2.0.0.0.0.0.f.7.f.f.f.f.0.0.")


def test_without_lists_nobody_is_asked() -> None:
    seen = view(plugin, spec_of())
    assert not [*addresses(seen), *domains(seen)]
