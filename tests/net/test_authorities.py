"""The zones' own servers, each of them asked."""

import asyncio
import time

import pytest

from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.model.record import Record
from mailconf.model.world import Inconclusive
from mailconf.net.authorities import LiveAuthorities
from mailconf.net.dns import Asker
from mailconf.net.live import LiveWorld
from tests.servers.dns import name_server, silence
from tests.servers.zones import serving

ZONE = "example.org."
MX = Record(ZONE, "MX", "10 mail.example.org.", 300)
TEXT = Record("t.example.org.", "TXT", "hello")


async def test_servers_are_told_apart() -> None:
    """Two servers, of which one has not seen the change yet."""
    async with serving([MX], ZONE) as new, serving([TEXT], ZONE) as old, serving([], ZONE) as cache:
        world = LiveWorld(resolvers=(cache,))
        found = await LiveAuthorities(world, (new, old)).answers(ZONE, "MX")
    assert [isinstance(a, Answer) and a.values for a in found.values()] == [(MX.value,), ()]
    assert [a.ttl for a in found.values() if isinstance(a, Answer)] == [300, 300]


async def test_a_silent_server_is_told_and_does_not_hide_the_others() -> None:
    async with serving([MX], ZONE) as one, name_server(silence) as dead:
        zones = LiveAuthorities(LiveWorld(resolvers=(one,)), (dead, one))
        found = list((await zones.ask(AuthoritativeQuery(ZONE, "MX"))).values())
        assert (await zones.ask(DnsQuery(ZONE, "MX"))).values == (MX.value,)
    assert [type(a) for a in found] == [Inconclusive, Answer]


async def test_a_dead_server_is_given_up() -> None:
    """What is asked at once waits for it no longer than one question does."""
    async with serving([MX], ZONE) as one, name_server(silence) as dead:
        world = LiveWorld(resolvers=(one,))
        zones = LiveAuthorities(world, (dead, one), Asker(seconds=0.2))
        begun = time.monotonic()
        kinds = ("MX", "TXT", "A", "AAAA", "CAA", "TLSA", "SRV")
        for found in await asyncio.gather(
            *(zones.ask(AuthoritativeQuery(ZONE, kind)) for kind in kinds)
        ):
            assert [type(answer) for answer in found.values()] == [Inconclusive, Answer]
        assert time.monotonic() - begun < 3 * 0.2 + 0.5


async def test_a_server_that_does_not_know_the_zone_says_nothing() -> None:
    async with serving([MX], ZONE, authoritative=False) as lame:
        zones = LiveAuthorities(LiveWorld(resolvers=(lame,)), (lame,))
        with pytest.raises(Inconclusive, match="is not authoritative for the zone"):
            await zones.ask(DnsQuery(ZONE, "MX"))


async def test_zones_that_a_given_server_does_not_serve_are_asked_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A hidden primary knows our zone, and nothing of the provider's that an alias leads to."""
    async with (
        serving([], ZONE, authoritative=False) as primary,
        serving([MX], ZONE, servers=["ns.example.org."]) as public,
    ):
        zones = LiveAuthorities(LiveWorld(resolvers=(public,)), (primary,))

        async def addresses(_server: str) -> tuple[tuple[str, int], ...]:
            return (public,)

        monkeypatch.setattr(zones, "_addresses", addresses)
        assert (await zones.ask(DnsQuery(ZONE, "MX"))).values == (MX.value,)


async def test_the_servers_are_those_that_the_zone_names() -> None:
    """The delegation is found above a name that has no NS itself; here the server is out of reach."""
    where = Record("ns.example.org.", "A", "192.0.2.53")
    async with serving([where], ZONE, servers=["ns.example.org."]) as cache:
        zones = LiveAuthorities(LiveWorld(resolvers=(cache,)))
        assert await zones._servers_of("_dmarc.a.example.org.") == {
            "ns.example.org.": (("192.0.2.53", 53),)
        }


async def test_a_name_that_is_delegated_nowhere() -> None:
    async with serving([], ZONE) as cache:
        with pytest.raises(Inconclusive, match=r"no delegated zone contains a\.test\."):
            await LiveAuthorities(LiveWorld(resolvers=(cache,))).answers("a.test.", "A")


async def test_an_alias_leads_to_another_zones_servers() -> None:
    """_dmarc of many domains is an alias of one record."""
    alias = Record("_dmarc.example.org.", "CNAME", "policy.example.net.")
    policy = Record("policy.example.net.", "TXT", "v=DMARC1; p=none")
    async with serving([alias, policy], ZONE, "example.net.") as one:
        zones = LiveAuthorities(LiveWorld(resolvers=(one,)), (one,))
        assert (await zones.ask(DnsQuery("_dmarc.example.org.", "TXT"))).values == (policy.value,)
        assert (await zones.ask(DnsQuery("_dmarc.example.org.", "CNAME"))).values == (
            "policy.example.net.",
        )


async def test_name_servers_at_private_addresses_are_not_asked_where_none_may_be() -> None:
    """Those that the operator names are."""
    where = Record("ns.example.org.", "A", "10.0.0.53")
    async with serving([where, MX], ZONE, servers=["ns.example.org."]) as cache:
        world = LiveWorld(resolvers=(cache,))
        found = await LiveAuthorities(world, public_only=True).answers(ZONE, "MX")
        assert [str(told) for told in found.values()] == [
            "a server of the zone has the address 10.0.0.53, which is not public; "
            "--untrusted connects to it only with --allow-private"
        ]
        given = LiveAuthorities(world, (cache,), public_only=True)
        assert (await given.ask(DnsQuery(ZONE, "MX"))).values == (MX.value,)
