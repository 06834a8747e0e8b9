"""Keys and policies that change while mail flows, and judgements compared with those of others."""

import re
import sys
from typing import Any

import pytest

from tests.lab.corpus.messages import all_mail
from tests.lab.launching import LAUNCH, Run, all_at_once, needs_root, run

pytestmark = [pytest.mark.lab, needs_root]
RELEASE = "debian-13"
JUDGES = ("opendkim", "rspamd")
LABS = (("rollover",), ("updates",), *(("judging", judge) for judge in JUDGES))
NAMES = [mail.name for mail in all_mail()]
# What others find though a standard says otherwise: the message, the method, why.
AS_THEY_ARE = {
    "opendkim": {
        ("rsa-sha1", "dkim"): "believes SHA-1 (RFC 8301 §3.1)",
        ("strict.example by news.strict.example", "dmarc"): "aligns though adkim=s",
        ("strict.example from news.strict.example", "dmarc"): "aligns though aspf=s",
    },
    "rspamd": {
        ("rsa-sha1", "dkim"): "believes SHA-1 (RFC 8301 §3.1)",
        ("identity elsewhere", "dkim"): "does not compare i= with d= (RFC 6376 §6.1.1)",
        ("key sha1", "dkim"): "does not read h= of a key (RFC 6376 §3.6.1)",
        ("key tlsrpt", "dkim"): "does not read s= of a key (RFC 6376 §3.6.1)",
        ("key unknown", "dkim"): "takes a key of any type (RFC 6376 §3.6.1)",
        ("key version", "dkim"): "takes a key of any version (RFC 6376 §3.6.1)",
        ("key strict, identity below", "dkim"): "does not read t=s of a key (RFC 6376 §3.6.1)",
    },
}


# What no verifier gets to see: it would evaluate one author, or none of them.
UNJUDGED = {"two authors": "5.6.0 the From field has several authors"}


def lab(words: tuple[str, ...]) -> Run:
    return run(sys.executable, "-c", LAUNCH, f"tests.lab.{words[0]}", *words[1:], RELEASE)


@pytest.fixture(scope="module")
def labs() -> dict[tuple[str, ...], Run]:
    return all_at_once(lab, LABS)


@pytest.fixture
def rollover(labs: dict[tuple[str, ...], Run]) -> Any:
    done = labs["rollover",]
    assert done.status == 0, done.stderr
    return done.report


@pytest.fixture(params=JUDGES)
def judge(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def judged(judge: str, labs: dict[tuple[str, ...], Run]) -> Any:
    done = labs["judging", judge]
    assert done.status == 0, done.stderr
    return done.report


def test_every_step_in_the_life_of_keys_and_policies_is_taken(rollover: Any) -> None:
    told = [re.sub(r"[0-9a-f]{8}…|s\d{6}a", "*", step["done"]) for step in rollover["steps"]]
    assert [text.splitlines()[0] for text in told] == [
        "example.org DKIM rsa: * becomes published",
        "example.org DKIM rsa: * becomes active, first retiring",
        "mail.example.org TLSA: activate key *",
        "mail.example.org TLSA: remove the TLSA record of *",
        "example.org DKIM rsa: first becomes revoked",
        "example.org MTA-STS: enforce the policy",
        "example.org DKIM rsa: first becomes removed",
    ]


def test_a_step_that_is_not_safe_yet_names_the_moment_at_which_it_is_taken(rollover: Any) -> None:
    for step in rollover["steps"][1:]:
        assert f"before {step['at']} UTC" in step["early"]
        assert re.search("DKM025|DAN008|STS012", step["early"])


def test_no_message_fails_while_keys_and_policies_change(rollover: Any) -> None:
    assert len(rollover["mail"]) > 35
    for mail in rollover["mail"]:
        found = re.findall(r"\b(dkim|spf|dmarc)=(\w+)", mail["results"])
        assert sorted(found) == [("dkim", "pass"), ("dmarc", "pass"), ("spf", "pass")], mail


def test_mail_that_is_under_way_keeps_the_key_that_signed_it(rollover: Any) -> None:
    mail, waiting = rollover["mail"], [m for m in rollover["mail"] if m["when"] == "under way"]
    assert [selector(m) for m in waiting] == ["first"] * 2 + [selector(mail[-1])] * 5
    switched = next(m for m in mail if "becomes active" in m["when"])
    assert selector(switched) == selector(mail[-1]) != "first"


def selector(mail: Any) -> str:
    return str(re.findall(r"header\.s=(\S+)", mail["results"])[0])


def test_senders_are_sure_of_the_server_at_every_step(rollover: Any) -> None:
    """By DANE, or by MTA-STS while that is enforced."""
    assert {mail["tls"] for mail in rollover["mail"] if "tls" in mail} == {"Verified"}


def test_senders_follow_the_policy_from_testing_to_enforce_to_none(rollover: Any) -> None:
    told = [mail["policy"] for mail in rollover["mail"] if "policy" in mail]
    changes = [new for old, new in zip(["", *told], told, strict=False) if new != old]
    assert changes == ["secure match=mail.example.org servername=hostname", ""]


def test_the_corpus_is_large() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 110


def test_every_message_of_the_corpus_is_judged(judged: Any) -> None:
    refused = [name for name in NAMES if not judged[name]["theirs"]]
    assert refused == [
        "provider for reject.example",
        "forged reject.example",
        "forged shop.branches.example",
        *UNJUDGED,
    ]


@pytest.mark.parametrize("name", NAMES)
def test_inspect_agrees_with_who_judges_mail_for_a_living(
    judge: str, name: str, judged: Any
) -> None:
    """On which signatures count, on SPF, on DMARC, and on what is refused."""
    ours, theirs = judged[name]["ours"], judged[name]["theirs"]
    if name in UNJUDGED:
        assert UNJUDGED[name] in judged[name]["reply"]
        return
    if not theirs:
        assert judged[name]["reply"].startswith("55")
        assert (ours["dmarc"], ours["disposition"]) == ("fail", "reject")
        return
    assert ours["disposition"] != "reject"
    mine = {
        "dkim": {(d, s) for d, s, result, _ in ours["dkim"] if result == "pass"},
        "spf": ours["spf"] == "pass",
        "dmarc": ours["dmarc"],
    }
    others = {
        "dkim": {(one["header.d"], one["header.s"]) for one in passed(theirs, "dkim")},
        "spf": bool(passed(theirs, "spf")),
        "dmarc": next(one["result"] for one in theirs if one["method"] == "dmarc"),
    }
    differing = {(name, method) for method in mine if mine[method] != others[method]}
    assert differing == {key for key in AS_THEY_ARE[judge] if key[0] == name}


def passed(results: Any, method: str) -> list[Any]:
    return [one for one in results if one["method"] == method and one["result"] == "pass"]


def test_rspamd_and_we_name_what_spf_says_alike(labs: dict[tuple[str, ...], Run]) -> None:
    """OpenDMARC knows pass and fail alone, rspamd goes on after a mechanism that does not exist."""
    report = labs["judging", "rspamd"].report
    spf = {
        name: next(one["result"] for one in seen["theirs"] if one["method"] == "spf")
        for name, seen in report.items()
        if seen["theirs"] and name != "spf broken"
    }
    assert spf == {name: report[name]["ours"]["spf"] for name in spf}
    assert {"pass", "fail", "softfail", "neutral", "none"} <= set(spf.values())


def test_bind_takes_the_scripts_of_every_example_and_keeps_what_is_not_ours(
    labs: dict[tuple[str, ...], Run],
) -> None:
    done = labs["updates",]
    assert done.status == 0, done.stderr
    assert sorted(done.report) == ["hosting", "protocols", "quickstart", "university"]
    for zone, seen in [
        (name, seen) for zones in done.report.values() for name, seen in zones.items()
    ]:
        assert seen["said"] == "00"
        assert seen["first"] == seen["second"]
        assert set(seen["wanted"]) <= set(seen["first"])
        others = set(seen["first"]) - set(seen["wanted"])
        assert len(others) == 3 - any(f" www.{zone}." in f" {line}" for line in seen["wanted"])
        assert any("site-verification=0815" in line for line in others)
