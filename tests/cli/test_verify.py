"""mailconf verify: of a tree, of a recording, of some of it, and again."""

import asyncio
import json
from pathlib import Path
from typing import Any

import dns.message
import dns.rcode
import pytest

from mailconf.model.record import Record
from mailconf.model.records_document import RecordsDocument
from tests.cli.running import Done, mailconf, site
from tests.servers.dns import name_server
from tests.servers.zones import holding, serving

# Nobody listens on these ports of this machine: every listener refuses.
SPEC = """\
version: 1
hosts:
  mail: {hostname: mail.example.org, addresses: [127.0.0.1]}
protocols:
  smtp: {port: 9}
  submissions: {port: 10}
  submission: off
  imaps: {port: 11}
domains:
  example.org:
    mailboxes: {alice: {}}
    aliases: {postmaster: alice, abuse: alice}
waivers:
  - {code: PRT005, reason: a test}
  - {code: PRT004, reason: a test}
  - {code: PRT002, reason: a test}
"""
APEXES = ("example.org.", "0.0.127.in-addr.arpa.")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return site(tmp_path, SPEC)


@pytest.fixture
def tree(spec: Path) -> Path:
    out = spec.parent / "out"
    done = mailconf("render", spec, "-o", out)
    assert done.status == 0, done
    return out


def records(tree: Path) -> list[Record]:
    return list(RecordsDocument.parse((tree / "dns/records.json").read_text()).records)


async def verified(spec: Path, live: list[Record], *options: object) -> Done:
    async with serving(live, *APEXES) as server:
        asked = ("--resolver", "{}:{}".format(*server))
        return await asyncio.to_thread(mailconf, "verify", spec, *asked, *options)


def outcomes(done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)["outcomes"]
    return found


def test_a_rendered_tree_is_what_the_spec_says(spec: Path, tree: Path) -> None:
    done = mailconf("verify", spec, "--offline", tree, "--report", "json")
    assert done.status == 0, done
    by_check = {(o["check"], o["verdict"]) for o in outcomes(done)}
    assert {("dns.record", "passed"), ("mta_sts.served", "passed")} <= by_check
    assert ("smtp.reachable", "skipped") in by_check
    assert {verdict for _, verdict in by_check} == {"passed", "skipped"}


def test_a_tree_that_somebody_has_changed(spec: Path, tree: Path) -> None:
    file = tree / "dns/records.json"
    file.write_text(file.read_text().replace("v=DMARC1; p=reject", "v=DMARC1; p=none"))
    policy = next(tree.glob("hosts/*/var/www/mailconf/mta-sts.*/.well-known/mta-sts.txt"))
    policy.write_text(policy.read_text().replace("mail.example.org", "mx.example.org"))
    done = mailconf("verify", spec, "--offline", tree)
    assert done.status == 1
    assert "mailconf.yaml:" in done.stdout
    assert {"DNS011", "STS011"} <= set(done.stdout.split())


async def test_a_recording_gives_the_same_report_to_the_octet(spec: Path, tree: Path) -> None:
    file = spec.parent / "live.json"
    live = [record for record in records(tree) if record.type != "MX"]
    seen = await verified(spec, live, "--record", file, "--report", "json")
    again = mailconf("verify", spec, "--replay", file, "--report", "json")
    assert seen.status == again.status == 1, seen
    assert again.stdout == seen.stdout
    assert "DNS010" in seen.stdout


async def test_some_of_it(spec: Path, tree: Path) -> None:
    live = records(tree)
    for options, checks in (
        (["--only", "mta-sts.example.org", "--skip", "dns.*", "--skip", "tls.renewal"], set()),
        (["--only", "mx", "--only", "spf"], {"spf.lookups", "spf.record", "spf.own-hosts"}),
        (["--only", "imaps"], {"access.reachable", "tls.legacy-versions"}),
        (
            ["--only", "example.org", "--skip", "dns.record", "--skip", "smtp*", "--skip", "tls"],
            {"dmarc.record"},
        ),
    ):
        done = await verified(spec, live, *options, "--report", "json")
        if not checks:
            assert (
                done.status,
                "no check matches --only mta-sts.example.org --skip dns.* --skip tls.renewal"
                in done.stderr,
            ) == (2, True)
            continue
        assert checks <= {o["check"] for o in outcomes(done)}, options


async def test_codes_choose_findings(spec: Path, tree: Path) -> None:
    live = [record for record in records(tree) if record.type != "MX"]
    done = await verified(spec, live, "--only", "dns.record", "--skip", "DNS010")
    assert done.status == 0, done
    done = await verified(spec, live, "--only", "DNS010", "--report", "json")
    assert {f["code"] for o in outcomes(done) for f in o["findings"]} == {"DNS010"}


async def test_what_is_published_late_is_waited_for(spec: Path, tree: Path) -> None:
    live = records(tree)
    before = holding([record for record in live if record.type != "MX"], APEXES)
    after = holding(live, APEXES)
    asked: list[object] = []

    def late(query: Any) -> Any:
        """Answer as before the change until the MX record has been asked for."""
        (question,) = query.question
        asked.append(question.rdtype.name)
        return (after if asked.count("MX") > 1 else before)(query)

    async with name_server(late, tcp=late) as server:
        options = ("--resolver", "{}:{}".format(*server), "--only", "example.org. MX")
        done = await asyncio.to_thread(mailconf, "verify", spec, *options)
        assert done.status == 1, done
        asked.clear()
        done = await asyncio.to_thread(mailconf, "verify", spec, *options, "--wait", "1m")
    assert done.status == 0, done


async def test_silence_is_asked_again(spec: Path, tree: Path) -> None:
    respond = holding(records(tree), APEXES)
    asked: list[object] = []

    def shy(query: Any) -> Any:
        """Refuse to answer the first questions, as a resolver that limits rates does."""
        asked.append(query)
        if len(asked) > 3:
            return respond(query)
        refusal = dns.message.make_response(query)
        refusal.set_rcode(dns.rcode.REFUSED)
        return refusal

    async with name_server(shy, tcp=shy) as server:
        options = ("--resolver", "{}:{}".format(*server), "--only", "example.org. MX")
        done = await asyncio.to_thread(mailconf, "verify", spec, *options)
        assert done.status == 3, done
        asked.clear()
        done = await asyncio.to_thread(mailconf, "verify", spec, *options, "--retry", "1")
    assert done.status == 0, done


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--offline", "nowhere"],
            "--offline nowhere: No such file or directory; expected a directory written by",
        ),
        (["--replay", "nowhere"], "--replay nowhere: No such file"),
        (["--replay", "README.md"], "--replay README.md: not a recording"),
        (["--offline", "a", "--replay", "b"], "cannot be combined"),
        (["--wait", "soon"], "--wait soon: expected a duration"),
        (["--source", "here"], "--source here: expected an IP address"),
        (["--ehlo-name", "a b"], "--ehlo-name a b"),
        (
            ["--connect", "mail.example.org=127.0.0.1:2525"],
            "a target port requires HOST:PORT=127.0.0.1:2525",
        ),
        (["--connect", "mail.example.org:x=127.0.0.1"], "expected HOST=ADDRESS"),
        (["--only", "nothing-like-this"], "no check matches --only nothing-like-this"),
        (["--offline", "a", "--connect", "b=192.0.2.1"], "--connect is about the network, which"),
        (["--offline", "a", "--ca", "b"], "--ca is about the network, which --offline does not"),
        (["--replay", "a", "--intrusive"], "--intrusive is about the network, which --replay"),
        (["--replay", "a", "--source", "192.0.2.1"], "--source is about the network"),
        (
            ["--connect", "mx.example.org=192.0.2.1"],
            "--connect mx.example.org: no host of the spec; expected one of mail.example.org",
        ),
        (
            ["--connect", "mail.example.org=192.0.2.1", "--connect", "MAIL.example.org=192.0.2.2"],
            "--connect MAIL.example.org=192.0.2.2: mail.example.org is given twice",
        ),
    ],
)
def test_wrong_arguments(spec: Path, options: list[str], told: str) -> None:
    done = mailconf("verify", spec, *options)
    assert (done.status, told in done.stderr) == (2, True), done


LOGINS = """\
plugins:
  round_trip: {logins: {alice@example.org: ref+env://MAILCONF_TEST_UNSET}}
"""


@pytest.mark.parametrize(
    ("options", "status", "verdict", "why"),
    [
        pytest.param((), 0, "skipped", "login checks require --intrusive", id="not asked for"),
        pytest.param(
            ("--intrusive",),
            3,
            "unknown",
            "ref+env://MAILCONF_TEST_UNSET: the variable is not set",
            id="no password",
        ),
    ],
)
def test_logins_are_for_whoever_wants_them(
    spec: Path, options: tuple[str, ...], status: int, verdict: str, why: str
) -> None:
    spec.write_text(SPEC + LOGINS)
    only = ("--only", "login.accepted", "--only", "trip.*", "--report", "json")
    done = mailconf("verify", spec, *options, *only)
    assert done.status == status, done
    assert {(one["verdict"], one["why"]) for one in outcomes(done)} == {(verdict, why)}


async def test_a_failure_shows_what_it_rests_on(spec: Path, tree: Path) -> None:
    live = [one for one in records(tree) if one.type != "MX"]
    done = await verified(spec, live, "--only", "dns.record", "--report", "json")
    evidence = [one["evidence"] for one in outcomes(done) if one["verdict"] == "failed"]
    assert evidence[0][0] == "example.org. MX: nothing"
    assert all(one["evidence"] == [] for one in outcomes(done) if one["verdict"] == "passed")
