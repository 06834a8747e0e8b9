"""DNS: empty answers are told from silence, aliases followed, trust earned."""

import asyncio
import time

import dns.rcode
import pytest

from mailconf.model.questions.dns import Answer
from mailconf.model.world import DnssecBogus, Inconclusive, ServerFailure
from mailconf.net.dns import Asker
from mailconf.net.resolvers import Resolver
from tests.servers.dns import answer, name_server, other_id, silence, truncated

SOON = 0.2
NAME = "example.org."


async def lookup(
    name: str, rtype: str, servers: tuple[Resolver, ...], seconds: float = 2.0
) -> Answer:
    return await Asker(seconds=seconds).lookup(servers, name, rtype)


@pytest.mark.parametrize(
    ("records", "rtype", "values"),
    [
        pytest.param(["example.org. 60 IN A 192.0.2.1"], "A", ("192.0.2.1",), id="address"),
        pytest.param(
            ["example.org. 60 IN MX 10 MX.Example.ORG."], "MX", ("10 mx.example.org.",), id="mx"
        ),
        pytest.param(
            ['example.org. 60 IN TXT "v=spf1 " "-all"'], "TXT", ("v=spf1 -all",), id="split TXT"
        ),
        pytest.param([], "A", (), id="no data"),
    ],
)
async def test_answers(records: list[str], rtype: str, values: tuple[str, ...]) -> None:
    async with name_server(answer(*records)) as server:
        assert await lookup(NAME, rtype, (server,)) == Answer(values, ttl=60 if values else 0)


async def test_a_name_that_does_not_exist() -> None:
    async with name_server(answer(rcode=dns.rcode.NXDOMAIN)) as server:
        assert await lookup(NAME, "A", (server,)) == Answer(exists=False)


async def test_aliases_are_followed() -> None:
    chain = answer(
        "example.org. 60 IN CNAME a.example.net.",
        "a.example.net. 60 IN CNAME B.example.net.",
        "b.example.net. 60 IN A 192.0.2.7",
    )
    async with name_server(chain) as server:
        found = await lookup(NAME, "A", (server,))
        assert found == Answer(("192.0.2.7",), alias="b.example.net.", ttl=60)
        assert await lookup(NAME, "CNAME", (server,)) == Answer(("a.example.net.",), ttl=60)


async def test_a_loop_of_aliases_ends() -> None:
    loop = answer("example.org. 60 IN CNAME a.example.", "a.example. 60 IN CNAME example.org.")
    async with name_server(loop) as server:
        with pytest.raises(
            Inconclusive, match=r"the CNAME chain of example\.org\. exceeds 8 records"
        ):
            await lookup(NAME, "A", (server,))


@pytest.mark.parametrize(
    ("rcode", "told"),
    [(dns.rcode.SERVFAIL, "answered SERVFAIL"), (dns.rcode.REFUSED, "answered REFUSED")],
)
async def test_a_server_that_fails_cannot_be_told_about(rcode: dns.rcode.Rcode, told: str) -> None:
    kind = ServerFailure if rcode == dns.rcode.SERVFAIL else Inconclusive
    async with name_server(answer(rcode=rcode)) as server:
        with pytest.raises(kind, match=told):
            await lookup(NAME, "A", (server,))


async def test_what_a_resolver_has_and_does_not_believe_is_told_from_failure() -> None:
    def validating(query: dns.message.Message) -> dns.message.Message | None:
        fails = answer(rcode=dns.rcode.SERVFAIL)
        knows = answer(f"{NAME} 60 IN A 192.0.2.1")
        return (knows if query.flags & dns.flags.CD else fails)(query)

    async with name_server(validating) as server:
        with pytest.raises(DnssecBogus, match="answered SERVFAIL, and has an answer"):
            await lookup(NAME, "A", (server,))


async def test_a_resolver_that_recovers_in_between_is_no_bogus_zone() -> None:
    """It keeps a failure for some seconds, and looks again when it need not validate."""
    fails, knows = answer(rcode=dns.rcode.SERVFAIL), answer(f"{NAME} 60 IN A 192.0.2.1")
    async with name_server(fails, fails, fails, knows) as server:
        with pytest.raises(ServerFailure) as told:
            await lookup(NAME, "A", (server,))
    assert told.type is ServerFailure


async def test_silence_cannot_be_told_about() -> None:
    async with name_server(silence) as server:
        with pytest.raises(Inconclusive, match="timed out"):
            await lookup(NAME, "A", (server,), SOON)


async def test_a_lost_packet_is_asked_for_again() -> None:
    async with name_server(silence, answer("example.org. 60 IN A 192.0.2.1")) as server:
        assert (await lookup(NAME, "A", (server,), SOON)).values == ("192.0.2.1",)


async def test_the_second_resolver_answers_for_a_dead_one() -> None:
    good = answer("example.org. 60 IN A 192.0.2.1")
    async with name_server(silence) as dead, name_server(good) as alive:
        assert (await lookup(NAME, "A", (dead, alive), SOON)).values == ("192.0.2.1",)


async def test_a_truncated_answer_is_fetched_over_tcp() -> None:
    whole = answer("example.org. 60 IN A 192.0.2.1")
    async with name_server(truncated, tcp=whole) as server:
        assert (await lookup(NAME, "A", (server,))).values == ("192.0.2.1",)


async def test_an_answer_with_another_id_is_not_believed() -> None:
    async with name_server(other_id) as server:
        with pytest.raises(Inconclusive):
            await lookup(NAME, "A", (server,), SOON)


async def test_a_resolver_on_this_machine_is_trusted_with_dnssec() -> None:
    async with name_server(answer("example.org. 60 IN A 192.0.2.1", secure=True)) as server:
        assert (await lookup(NAME, "A", (server,))).secure


@pytest.mark.parametrize("name", [f"{'x' * 64}.example.org.", "a..example.org.", "\ud800.example."])
async def test_a_name_that_no_question_can_hold_does_not_exist(name: str) -> None:
    found = await lookup(name, "A", (("192.0.2.1", 9),))
    assert not found.exists


async def test_a_dead_server_costs_twice_its_time_in_total() -> None:
    async with name_server(silence) as server:
        asker, begun = Asker(seconds=1.0), time.monotonic()
        asking = (asker.lookup((server,), f"a{n}.example.", "A") for n in range(500))
        found = await asyncio.gather(*asking, return_exceptions=True)
        assert {type(one) for one in found} == {Inconclusive}
        assert time.monotonic() - begun < 2.7
