"""How far each set of records has come, from what servers and caches say."""

from pathlib import Path

import pytest

from mailconf.engine.plan import changes, danger_jobs
from mailconf.engine.run import attempt
from mailconf.model.outcome import Build
from mailconf.model.place import Places
from mailconf.model.plan import Change, State
from mailconf.model.record import Record, Records
from mailconf.testing import FakeAuthorities, FakeWorld, spec_of
from tests.engine.specs import built, parsed
from tests.record_kinds import record

NAME = "example.org."
MX = Record(NAME, "MX", "10 mail.example.org.")
NEW, OLD = FakeWorld({(NAME, "MX"): (MX.value,)}), FakeWorld({(NAME, "MX"): ("10 old.example.",)})
FAST = FakeWorld(NEW.zones, ttl=60)
SILENT = FakeWorld(silent=frozenset({NAME}))


async def planned(
    servers: dict[str, FakeWorld],
    caches: FakeWorld = NEW,
    wanted: tuple[Record, ...] = (MX,),
    previous: tuple[Record, ...] = (),
) -> list[Change]:
    build = Build(spec_of(), Places("", {}), Records(wanted), (), ())
    return [c async for c in changes(build, previous, FakeAuthorities(servers), caches)]


@pytest.mark.parametrize(
    ("servers", "caches", "state", "seconds", "why"),
    [
        pytest.param({"ns1": NEW, "ns2": NEW}, NEW, State.IN_SYNC, 0, "", id="all have it"),
        pytest.param({"ns1": OLD}, OLD, State.PUBLISH, 3600, "", id="nobody has it"),
        pytest.param(
            {"ns1": NEW, "ns2": OLD},
            NEW,
            State.PROPAGATING,
            3600,
            "missing at ns2",
            id="one has it",
        ),
        pytest.param({"ns1": NEW}, OLD, State.CACHED, 3600, "", id="caches hold another"),
        pytest.param(
            {"ns1": FAST},
            FAST,
            State.PUBLISH,
            60,
            "its TTL is 60 s; expected 3600 s",
            id="lifetime",
        ),
        pytest.param(
            {"ns1": SILENT},
            NEW,
            State.UNKNOWN,
            0,
            "ns1: example.org.: timed out",
            id="silence",
        ),
        pytest.param(
            {"ns1": NEW, "ns2": SILENT},
            NEW,
            State.UNKNOWN,
            0,
            "ns2: example.org.: timed out",
            id="one is silent",
        ),
        pytest.param(
            {"ns1": NEW},
            SILENT,
            State.UNKNOWN,
            0,
            "example.org.: timed out",
            id="caches are silent",
        ),
    ],
)
async def test_states(
    servers: dict[str, FakeWorld], caches: FakeWorld, state: State, seconds: int, why: str
) -> None:
    (change,) = await planned(servers, caches)
    assert (change.state, change.seconds, change.why) == (state, seconds, why)


async def test_a_change_says_what_comes_and_what_goes() -> None:
    (change,) = await planned({"ns1": OLD})
    assert (change.add, change.remove, change.ttl) == ((MX.value,), ("10 old.example.",), 3600)


async def test_texts_of_others_stay() -> None:
    spf = record(NAME, "TXT", "v=spf1 -all")
    server = FakeWorld({(NAME, "TXT"): ("v=spf1 a -all", "site-verification=1")})
    (change,) = await planned({"ns1": server}, wanted=(spf,))
    assert (change.add, change.remove) == (("v=spf1 -all",), ("v=spf1 a -all",))


KEY = record("s1._domainkey.example.org.", "TXT", "v=DKIM1; k=rsa; p=AAAA")


@pytest.mark.parametrize(
    ("published", "cached", "found"),
    [
        pytest.param(True, True, [(State.PUBLISH, (KEY.value,))], id="still published"),
        pytest.param(False, True, [(State.CACHED, (KEY.value,))], id="still in caches"),
        pytest.param(False, False, [], id="gone"),
    ],
)
async def test_what_is_no_longer_wanted_goes(
    published: bool, cached: bool, found: list[tuple[State, tuple[str, ...]]]
) -> None:
    there, gone = FakeWorld({(KEY.name, "TXT"): (KEY.value,)}), FakeWorld()
    servers = {"ns1": there if published else gone}
    planned_ = await planned(servers, there if cached else gone, wanted=(), previous=(KEY,))
    assert [(change.state, change.remove) for change in planned_] == found


async def test_what_others_put_there_instead_is_not_ours() -> None:
    other = FakeWorld({(KEY.name, "TXT"): ("v=DKIM1; k=rsa; p=BBBB",)})
    assert await planned({"ns1": other}, other, wanted=(), previous=(KEY,)) == []


async def test_nothing_that_we_do_not_manage_is_named() -> None:
    """A zone holds more than ours: other names, other types, other texts."""
    zones = {
        (NAME, "MX"): (MX.value,),
        (NAME, "A"): ("192.0.2.80",),
        ("www.example.org.", "A"): ("192.0.2.80",),
    }
    found = await planned({"ns1": FakeWorld(zones)})
    assert [str(change) for change in found] == ["example.org. MX"]


async def test_equal_addresses_do_for_an_alias() -> None:
    alias = Record("autoconfig.example.org.", "CNAME", "mail.example.org.")
    zones = {(name, "A"): ("192.0.2.1",) for name in (alias.name, "mail.example.org.")}
    (change,) = await planned({"ns1": FakeWorld(zones)}, wanted=(alias,))
    assert change.state is State.IN_SYNC


GOOD = """\
version: 1
hosts: {mail: {hostname: mail.example.org, addresses: [192.0.2.25]}}
domains:
  example.org: {mailboxes: {alice: {}}, aliases: {postmaster: alice, abuse: alice}}
"""


async def test_dangers_are_looked_for_at_the_zones_servers(tmp_path: Path) -> None:
    """Findings have their place in the spec, as those of verify do."""
    whole, build = parsed(tmp_path, GOOD), built(tmp_path, GOOD)
    jobs = danger_jobs(whole, build, (), FakeAuthorities({"ns1": OLD}))
    outcomes = {job.check: await attempt(job) for job in jobs}
    (finding,) = outcomes["mx.replaced"].findings
    assert (finding.rule.code, finding.place and finding.place.line) == ("DNG001", 4)
