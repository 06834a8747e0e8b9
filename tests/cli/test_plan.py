"""mailconf plan against real sockets: what would change, what would break, and waiting for it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from mailconf.model.record import Record
from mailconf.model.records_document import RecordsDocument
from tests.cli.running import Done, mailconf, site
from tests.servers.zones import serving

# Nobody serves policies, shows TLS or answers PTR here.
SPEC = """\
version: 1
hosts:
  mail: {hostname: mail.example.org, addresses: [192.0.2.25], roles: [mx, submission, mailstore]}
domains:
  example.org:
    mailboxes: {alice: {}}
    aliases: {postmaster: alice, abuse: alice}
"""
APEXES = ("example.org.", "2.0.192.in-addr.arpa.")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return site(tmp_path, SPEC)


def declared(spec: Path) -> list[Record]:
    """Return the records of a spec, as its rendered tree has them."""
    out = spec.parent / "out"
    assert mailconf("render", spec, "-o", out).status == 0
    return list(RecordsDocument.parse((out / "dns/records.json").read_text()).records)


async def planned(
    spec: Path, live: list[Record], *options: object, cached: list[Record] | None = None
) -> Done:
    """Run plan with a zone server that holds `live`, and a cache that holds the same or else."""
    async with serving(live, *APEXES) as zone, serving(cached or live, *APEXES) as cache:
        servers = ("--authority", "{}:{}".format(*zone), "--resolver", "{}:{}".format(*cache))
        return await asyncio.to_thread(mailconf, "plan", spec, *servers, *options)


def body(done: Done) -> Any:
    return json.loads(done.stdout)


async def test_what_is_live_already(spec: Path) -> None:
    done = await planned(spec, declared(spec), "--exit-code")
    assert done.status == 0, done
    assert "14 record sets: 14 in sync" in done.stdout
    assert "+ " not in done.stdout


async def test_a_first_publication_is_a_difference_and_no_danger(spec: Path) -> None:
    done = await planned(spec, [], "--report", "json")
    assert done.status == 0, done
    assert {change["state"] for change in body(done)["changes"]} == {"publish"}
    assert (await planned(spec, [], "--exit-code")).status == 1


OLD_MX = Record("example.org.", "MX", "10 old.example.net.", 7200)


def with_old_mx(records: list[Record]) -> list[Record]:
    return [OLD_MX if record.type == "MX" else record for record in records]


async def test_a_danger_is_told_with_the_line_and_stops_a_pipeline(spec: Path) -> None:
    done = await planned(spec, with_old_mx(declared(spec)))
    assert done.status == 1
    assert "mailconf.yaml:5:" in done.stdout
    assert "DNG001 mx-replaced" in done.stdout
    assert "    - 10 old.example.net.\n    caches expire 2 h after publication" in done.stdout


async def test_a_danger_may_be_allowed_for_a_reason(spec: Path) -> None:
    live = with_old_mx(declared(spec))
    done = await planned(spec, live, "--allow", "DNG001=the old host forwards until Friday")
    assert done.status == 0, done
    assert "DNG001 mx-replaced" not in done.stdout
    assert "DNG001 allowed: the old host forwards until Friday (1 finding)" in done.stdout


@pytest.mark.parametrize(
    ("allowed", "why"),
    [
        pytest.param("DNG001", "expected CODE=REASON", id="no reason"),
        pytest.param("DNG1=because", "unknown rule code DNG1", id="no such danger"),
    ],
)
async def test_a_danger_that_cannot_be_allowed_like_this(
    spec: Path, allowed: str, why: str
) -> None:
    refused = await planned(spec, [], "--allow", allowed)
    assert (refused.status, why in refused.stderr) == (2, True)


async def test_what_was_allowed_and_is_not_there_is_told(spec: Path) -> None:
    done = await planned(spec, declared(spec), "--allow", "DNG001=until Friday")
    assert "DNG001 allowed: until Friday (no findings)" in done.stdout


async def test_what_caches_hold_is_told_from_what_is_wrong(spec: Path) -> None:
    live = declared(spec)
    done = await planned(spec, live, "--report", "markdown", cached=with_old_mx(live))
    assert "**example.org. MX**: cached" in done.stdout
    assert "caches expire in 2 h" in done.stdout


async def test_what_was_rendered_before_and_is_not_wanted_any_more_goes(spec: Path) -> None:
    before = declared(spec)
    spec.write_text(SPEC + "plugins: {srv: off}\n")
    done = await planned(spec, before, "--previous", spec.parent / "out", "--report", "json")
    gone = [change for change in body(done)["changes"] if change["state"] == "publish"]
    assert {change["type"] for change in gone} == {"SRV"}
    assert all(change["remove"] and not change["add"] for change in gone)


async def test_waiting_ends_when_all_is_in_sync(spec: Path) -> None:
    """A server that has the old records at first, and the new ones when it is asked again."""
    live = declared(spec)
    async with serving(live, *APEXES) as cache, serving([], *APEXES) as old:
        done = await asyncio.to_thread(
            mailconf, "plan", spec, "--authority", "{}:{}".format(*old),
            "--resolver", "{}:{}".format(*cache), "--wait", "1s",
        )  # fmt: skip
        assert done.status == 1, done
        done = await asyncio.to_thread(
            mailconf, "plan", spec, "--authority", "{}:{}".format(*cache),
            "--resolver", "{}:{}".format(*cache), "--wait", "10m",
        )  # fmt: skip
    assert done.status == 0, done


async def test_silence_is_inconclusive(spec: Path) -> None:
    async with serving([], *APEXES) as cache:
        options = ("--authority", "127.0.0.1:9", "--resolver", "{}:{}".format(*cache))
        done = await asyncio.to_thread(mailconf, "plan", spec, *options)
    assert (done.status, "port 9" in done.stdout) == (3, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--previous", "nowhere"], "--previous nowhere: No such file"),
        (["--wait", "soon"], "--wait soon: expected a duration"),
        (["--authority", "ns1"], "--authority ns1"),
    ],
)
def test_wrong_arguments(spec: Path, options: list[str], told: str) -> None:
    done = mailconf("plan", spec, *options)
    assert (done.status, told in done.stderr) == (2, True), done
