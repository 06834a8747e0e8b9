"""Records are compared by what they mean; what is not ours is left alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Never

import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from mailconf.engine.record_check import record_jobs, records_are_published
from mailconf.engine.run import Job, attempt, stream
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.place import Places
from mailconf.model.questions.dns import Answer, AuthoritativeQuery
from mailconf.model.record import Record, RecordSet
from mailconf.model.record_kind import RecordType
from mailconf.model.world import Inconclusive
from mailconf.testing import FakeWorld, gathered
from tests.engine.specs import codes
from tests.net import asking
from tests.net.asking import SOON
from tests.record_kinds import record
from tests.servers.dns import answer, name_server, truncated

NAME = "example.org."


async def asked(rtype: RecordType, wanted: list[str], published: list[str]) -> list[str]:
    records = tuple(record(NAME, rtype, value) for value in wanted)
    world = FakeWorld(zones={(NAME, rtype): tuple(published)})
    return codes(await gathered(records_are_published(RecordSet(NAME, rtype, records), world)))


@pytest.mark.parametrize(
    ("rtype", "wanted", "published", "found"),
    [
        pytest.param("MX", ["10 a.example."], ["10 a.example."], [], id="same"),
        pytest.param("MX", ["10 a.example."], ["10 A.Example."], [], id="another spelling"),
        pytest.param("MX", ["10 a.example."], [], ["DNS010"], id="missing"),
        pytest.param("MX", ["10 a.example."], ["20 a.example."], ["DNS011"], id="preference"),
        pytest.param(
            "MX", ["10 a.example."], ["10 a.example.", "20 old.example."], ["DNS012"], id="extra MX"
        ),
        pytest.param("TXT", ["v=spf1 -all"], ["v=spf1 -all", "site=1"], [], id="foreign TXT"),
        pytest.param("TXT", ["v=spf1 -all"], ["site=1"], ["DNS010"], id="only foreign TXT"),
        pytest.param("TXT", ["v=spf1 -all"], ["v=spf1 a -all"], ["DNS011"], id="another SPF"),
        pytest.param("TXT", ["v=spf1 -all"], ["v=spf1 -all", "v=spf1 a"], ["DNS012"], id="two SPF"),
        pytest.param(
            "A", ["192.0.2.1"], ["192.0.2.1", "192.0.2.9"], ["DNS012"], id="extra address"
        ),
    ],
)
async def test_comparison(
    rtype: RecordType, wanted: list[str], published: list[str], found: list[str]
) -> None:
    assert await asked(rtype, wanted, published) == found


ALIAS = RecordSet(
    "autoconfig.example.org.",
    "CNAME",
    (Record("autoconfig.example.org.", "CNAME", "mail.example.org."),),
)


@pytest.mark.parametrize(
    ("address", "found"), [("192.0.2.1", []), ("192.0.2.9", ["DNS010"])], ids=["equal", "other"]
)
async def test_equal_addresses_do_for_an_alias(address: str, found: list[str]) -> None:
    zones = {
        ("autoconfig.example.org.", "A"): (address,),
        ("mail.example.org.", "A"): ("192.0.2.1",),
    }
    assert codes(await gathered(records_are_published(ALIAS, FakeWorld(zones=zones)))) == found


async def test_silence_is_unknown_not_failed() -> None:
    wanted = RecordSet(NAME, "A", (Record(NAME, "A", "192.0.2.1"),))
    world = FakeWorld(silent=frozenset({NAME}))
    outcome = await attempt(Job("dns", NAME, lambda: records_are_published(wanted, world)))
    assert outcome.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("published", "found"),
    [
        pytest.param('"v=spf1 -all"', ["DNS002", "DNS010"], id="quoted twice"),
        pytest.param('"another text"', ["DNS010"], id="somebody else's"),
    ],
)
async def test_quotes_inside_a_text(published: str, found: list[str]) -> None:
    assert sorted(await asked("TXT", ["v=spf1 -all"], [published])) == found


MX_SET = RecordSet(NAME, "MX", (Record(NAME, "MX", "10 new.example."),))
NEW, OLD = {(NAME, "MX"): ("10 new.example.",)}, {(NAME, "MX"): ("10 old.example.",)}


async def seen(world: FakeWorld) -> Outcome:
    return await attempt(Job("dns.record", "x", lambda: records_are_published(MX_SET, world)))


async def test_what_caches_still_hold_is_no_fault() -> None:
    done = await seen(FakeWorld(zones=OLD, ttl=2400, authority=FakeWorld(zones=NEW)))
    told = "ns.example. has it; resolvers may cache the old answer for another 2400 s"
    assert (done.verdict, done.why) == (Verdict.UNKNOWN, told)


async def test_what_the_servers_do_not_have_either_is_wrong() -> None:
    done = await seen(FakeWorld(zones=OLD, authority=FakeWorld(zones=OLD)))
    assert codes(list(done.findings)) == ["DNS011"]


def several(question: AuthoritativeQuery) -> dict[str, Answer | Inconclusive]:
    """A zone of three servers: one has the change, one has not, one is silent."""
    asked = question.name, question.type
    return {
        "ns1.": Answer(NEW[asked]),
        "ns2.": Answer(OLD[asked]),
        "ns3.": Inconclusive("timed out"),
    }


async def test_servers_that_differ_are_told_apart() -> None:
    done = await seen(FakeWorld(zones=OLD, said={AuthoritativeQuery: several}))
    assert codes(list(done.findings)) == ["DNS011", "DNS013"]
    assert "MX is correct at ns1. but not at ns2." in [f.message for f in done.findings]


def hidden(zones: Mapping[tuple[str, str], tuple[str, ...]]) -> FakeWorld:
    """A zone whose servers are not to be found out."""

    def nobody(_: AuthoritativeQuery) -> Never:
        raise Inconclusive("no delegation")

    return FakeWorld(zones=zones, said={AuthoritativeQuery: nobody})


async def test_without_its_servers_a_zone_is_judged_by_what_is_seen() -> None:
    assert codes(list((await seen(hidden(OLD))).findings)) == ["DNS011"]


async def test_the_servers_are_not_asked_when_all_is_well() -> None:
    assert (await seen(hidden(NEW))).verdict is Verdict.PASSED


DECLARED = [
    Record(NAME, "MX", "10 mail.example.org."),
    Record("good.example.org.", "TXT", "v=spf1 -all"),
    Record("longer.example.org.", "TXT", "x" * 300),
    Record("other.example.org.", "TXT", "v=spf1 -all"),
    Record("spelled.example.org.", "MX", "10 Mail.Example.org."),
    Record("none.example.org.", "A", "192.0.2.1"),
    Record("failing.example.org.", "A", "192.0.2.1"),
    Record("silent.example.org.", "A", "192.0.2.1"),
    Record("a..example.org.", "A", "192.0.2.1"),
    Record("www.example.org.", "CNAME", "mail.example.org."),
    Record("alias.example.org.", "A", "192.0.2.1"),
]
ALL = answer(
    "example.org. 60 IN MX 10 mail.example.org.",
    "good.example.org. 60 IN TXT v=spf1\\032-all",
    "other.example.org. 60 IN TXT v=spf1\\032a\\032-all",
    "spelled.example.org. 60 IN MX 10 mail.example.org.",
    "www.example.org. 60 IN CNAME mail.example.org.",
    "alias.example.org. 60 IN CNAME good.example.org.",
    "good.example.org. 60 IN A 192.0.2.1",
)


def zone(query: dns.message.Message) -> dns.message.Message | None:
    """Answer as one zone with something of everything."""
    name = str(query.question[0].name)
    if name.startswith("silent"):
        return None
    if name.startswith("longer"):
        return truncated(query)
    code = dns.rcode.SERVFAIL if name.startswith("failing") else dns.rcode.NOERROR
    return answer(rcode=code)(query) if code else _of(query, name)


def _of(query: dns.message.Message, name: str) -> dns.message.Message | None:
    found = ALL(query)
    assert found
    wanted = (name, "good.example.org.") if name.startswith("alias") else (name,)
    kinds = (query.question[0].rdtype, dns.rdatatype.CNAME)
    found.answer = [s for s in found.answer if str(s.name) in wanted and s.rdtype in kinds]
    return found


LONG = answer(f"longer.example.org. 60 IN TXT {'x' * 255} {'x' * 45}")


async def test_records_that_are_settled_ahead_have_the_outcome_of_the_whole_check() -> None:
    async with name_server(zone, tcp=LONG) as server:
        world = asking.world(resolvers=(server,))
        world._dns.seconds = SOON
        ahead = {
            one.subject: one
            async for one in stream(record_jobs(DECLARED, world, Places("x.yaml", {})))
        }
        other = asking.world(resolvers=(server,))
        other._dns.seconds = SOON
        whole = [await attempt(job) for job in record_jobs(DECLARED, other, Places("x.yaml", {}))]
    assert [replace(ahead[one.subject], seconds=0.0) for one in whole] == [
        replace(one, seconds=0.0) for one in whole
    ]
    assert {one.subject: one.verdict for one in whole if one.verdict is not Verdict.PASSED} == {
        "other.example.org. TXT": Verdict.FAILED,
        "none.example.org. A": Verdict.FAILED,
        "a..example.org. A": Verdict.FAILED,
        "failing.example.org. A": Verdict.UNKNOWN,
        "silent.example.org. A": Verdict.UNKNOWN,
    }


async def test_a_world_that_must_be_waited_for_is_asked_by_the_check() -> None:
    (job,) = record_jobs(DECLARED[:1], FakeWorld(), Places("x.yaml", {}))
    assert job.ahead is None
    assert (await attempt(job)).verdict is Verdict.FAILED
