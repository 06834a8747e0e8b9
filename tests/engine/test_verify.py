"""Records are compared by what they mean; what is not ours is left alone."""

from pathlib import Path

import pytest

from mailconf.engine.compare import RecordSet
from mailconf.engine.run import Job, attempt
from mailconf.engine.verify import jobs, records_are_published
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.record import Record, RecordType
from mailconf.model.world import Answer, CannotTell
from mailconf.testing import FakeWorld, gathered
from tests.engine.specs import built, codes, parsed

NAME = "example.org."


async def asked(rtype: RecordType, wanted: list[str], published: list[str]) -> list[str]:
    records = tuple(Record(NAME, rtype, value) for value in wanted)
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
    ("only", "some"),
    [
        pytest.param("dns.*", "example.org. MX", id="check"),
        pytest.param("smtp", "smtp://mail.example.org:25 [192.0.2.25]", id="family of checks"),
        pytest.param("*example.org. MX", "example.org. MX", id="subject"),
        pytest.param("submission", "submission://mail.example.org:587 [192.0.2.25]", id="word"),
    ],
)
def test_only_limits_the_checks(tmp_path: Path, only: str, some: str) -> None:
    everything = list(jobs(parsed(tmp_path), built(tmp_path), FakeWorld()))
    chosen = list(jobs(parsed(tmp_path), built(tmp_path), FakeWorld(), [only]))
    assert some in {job.subject for job in chosen}
    assert len(chosen) < len(everything)


async def test_live_findings_carry_the_spec_line(tmp_path: Path) -> None:
    chosen = jobs(parsed(tmp_path), built(tmp_path), FakeWorld(), ["mail.example.org. A"])
    outcome = await attempt(next(chosen))
    assert [finding.place.line for finding in outcome.findings if finding.place] == [3]


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
    told = "ns.example. has it; caches may hold the old answer for 2400 s more"
    assert (done.verdict, done.why) == (Verdict.UNKNOWN, told)


async def test_what_the_servers_do_not_have_either_is_wrong() -> None:
    done = await seen(FakeWorld(zones=OLD, authority=FakeWorld(zones=OLD)))
    assert codes(list(done.findings)) == ["DNS011"]


class Several(FakeWorld):
    """A zone of three servers: one has the change, one has not, one is silent."""

    async def answers(self, name: str, rtype: str) -> dict[str, Answer | CannotTell]:
        return {
            "ns1.": Answer(NEW[name, rtype]),
            "ns2.": Answer(OLD[name, rtype]),
            "ns3.": CannotTell("no answer in time"),
        }


async def test_servers_that_differ_are_told_apart() -> None:
    done = await seen(Several(zones=OLD))
    assert codes(list(done.findings)) == ["DNS011", "DNS013"]
    assert "MX is right at ns1., and not at ns2." in [f.message for f in done.findings]


class Hidden(FakeWorld):
    """A zone whose servers are not to be found out."""

    async def answers(self, name: str, rtype: str) -> dict[str, Answer | CannotTell]:
        raise CannotTell("no delegation")


async def test_without_its_servers_a_zone_is_judged_by_what_is_seen() -> None:
    assert codes(list((await seen(Hidden(zones=OLD))).findings)) == ["DNS011"]


async def test_the_servers_are_not_asked_when_all_is_well() -> None:
    assert (await seen(Hidden(zones=NEW))).verdict is Verdict.PASSED
