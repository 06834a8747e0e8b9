"""What mail meets on its way through real daemons: forwarding, filters, limits, proxies, outages."""

import re
import sys
from typing import Any

import pytest

from mailconf.lab.image import SUITES, image
from tests.lab.experiments import machine
from tests.lab.launching import LAUNCH, Run, all_at_once, needs_root, run

pytestmark = [pytest.mark.lab, needs_root]

EVERYWHERE = tuple(SUITES)
CURRENT = ("debian-12", "debian-13")
LABS = [
    *((name, release) for name in ("fleet", "office") for release in CURRENT),
    *((name, release) for name in ("site", "filter") for release in EVERYWHERE),
]
SRS = r"SRS0=\S+=mailconf-peer\.example=peer@example\.org"
on_every_release = pytest.mark.parametrize("release", EVERYWHERE)
on_current_releases = pytest.mark.parametrize("release", CURRENT)


def trial(lab: tuple[str, str]) -> Run:
    return run(sys.executable, "-c", LAUNCH, "tests.lab.mailflow", *lab)


@pytest.fixture(scope="module")
def labs() -> dict[tuple[str, str], Run]:
    """Run every lab whose image is there; the others are not to be built here."""
    return all_at_once(trial, [lab for lab in LABS if image(lab[1]).root.is_dir()])


@pytest.fixture
def seen(labs: dict[tuple[str, str], Run], release: str) -> Any:
    """Return what an experiment saw, by its lab and name."""

    def of(lab: str, experiment: str) -> Any:
        if (lab, release) not in labs:
            pytest.skip(f"no image of {release}: mailconf lab image {release}")
        done = labs[lab, release]
        assert done.status == 0, done.stderr
        found = done.report[experiment]
        assert "error" not in found, found
        return found

    return of


@on_every_release
def test_an_address_with_a_tag_reaches_its_mailbox(seen: Any) -> None:
    assert "Delivered-To: bob+tag@example.org" in seen("site", "extension")["text"]


MACHINES = [
    *(pytest.param("site", release, id=f"site-{release}") for release in EVERYWHERE),
    *(
        pytest.param(lab, release, id=f"{lab}-{release}")
        for lab in ("fleet", "office")
        for release in CURRENT
    ),
]
on_machines = pytest.mark.parametrize(("lab", "release"), MACHINES)


@on_machines
def test_mail_of_every_local_user_reaches_who_looks_after_the_machine(lab: str, seen: Any) -> None:
    """Whatever cron and programs call them; on hosts of every role."""
    for delivered in seen(lab, "local_users").values():
        assert len(delivered) == len(machine.LOCAL)


@on_machines
def test_a_bounce_of_local_mail_reaches_who_looks_after_the_machine(lab: str, seen: Any) -> None:
    assert set(seen(lab, "bounced").values()) == {True}


@on_machines
def test_strangers_reach_postmaster_and_abuse_of_a_machine_only(lab: str, seen: Any) -> None:
    for replies in seen(lab, "strangers").values():
        assert {who for who, said in replies.items() if said.startswith("250")} == set(
            machine.TAKEN
        )
        refused = {said[:3] for who, said in replies.items() if who in machine.REFUSED}
        assert refused <= {"550", "554", "504"}
        assert replies["www-data@{name}"].startswith("550 5.1.1")


@on_every_release
def test_a_user_reaches_postmaster_and_abuse_of_a_machine_only(seen: Any) -> None:
    replies = seen("site", "users")
    assert {who: said[:3] for who, said in replies.items()} == {
        "postmaster": "250",
        "abuse": "250",
        "www-data": "550",
    }


@on_every_release
def test_a_catch_all_leaves_mailboxes_their_own_mail(seen: Any) -> None:
    assert seen("site", "catch_all") == {
        "whoever": ["owner@club.example"],
        "clerk": ["clerk@club.example"],
        "clerk+tag": ["clerk@club.example"],
    }


@on_every_release
def test_forwarded_mail_leaves_with_a_sender_of_ours(seen: Any) -> None:
    found = seen("site", "forwarded")
    assert re.search(SRS, found["sender"])
    judged = " ".join(found["results"])
    assert "mx.mailconf-peer.example; spf=pass smtp.mailfrom=example.org" in judged
    assert re.search(r"dkim=pass .*header\.d=mailconf-peer\.example", judged)


@on_every_release
def test_a_bounce_to_a_rewritten_sender_reaches_the_real_one(seen: Any) -> None:
    found = seen("site", "forwarded")
    assert "Delivered-To: peer@mailconf-peer.example" in found["bounce"]["text"]
    assert found["forged"].startswith("550 5.1.1")


@on_every_release
@pytest.mark.parametrize("signer", ["site", "filter"], ids=["opendkim", "rspamd"])
def test_our_bounces_are_signed(seen: Any, signer: str) -> None:
    found = seen(signer, "lost")
    assert found["sender"] == ""
    assert re.search(r"dkim=pass .*header\.d=example\.org", " ".join(found["results"]))
    assert "dmarc=pass" in " ".join(found["results"])


@on_every_release
def test_mail_to_an_unknown_address_elsewhere_bounces_to_its_sender(seen: Any) -> None:
    assert "nobody@mailconf-peer.example" in seen("site", "undeliverable")["text"]


@on_every_release
def test_users_send_as_themselves_and_as_whom_the_spec_lets_them(seen: Any) -> None:
    assert seen("site", "delegation") == {
        "alice as alice@example.org": "250",
        "alice as alice+tag@example.org": "250",
        "alice as postmaster@example.org": "250",
        "alice as rector@example.org": "250",
        "alice as anything@club.example": "250",
        "alice as bob@example.org": "553",
        "bob as sales@example.org": "250",
        "bob as rector@example.org": "553",
        "bob as anything@club.example": "553",
        "bob as dora@carried.example": "553",
        "bob as peer@mailconf-peer.example": "553",
    }


@on_every_release
@pytest.mark.parametrize("way", ["submissions", "submission"])
def test_submitted_mail_tells_nothing_of_the_users_machine(seen: Any, way: str) -> None:
    found = seen("site", "privacy")[way]
    assert found["received"][-1].startswith("by mail.example.org (Postfix) ")
    traces = ("198.18.0.100", "2001:2::100", "client.mailconf-lab", "Secret", "10.99.99.99")
    assert [trace for trace in traces if trace in found["text"]] == []


@on_every_release
def test_mail_of_others_keeps_its_history(seen: Any) -> None:
    found = seen("site", "privacy")["incoming"]
    assert found["received"][-1].startswith("from mx.mailconf-peer.example ")
    assert [
        name for name in ("User-Agent", "X-Mailer") if f"{name}: Secret" not in found["text"]
    ] == []


@on_every_release
def test_a_login_that_sends_too_much_is_put_off(seen: Any) -> None:
    found = seen("site", "rate_limit")
    assert found["carol"][:3] == ["sent"] * 3
    assert found["carol"][3].startswith("(450, b'4.7.1 ")
    assert found["alice"] == ["sent"] * 4


@on_every_release
def test_a_domain_sends_through_its_provider_with_a_login(seen: Any) -> None:
    logins = seen("site", "through_provider")
    ours = [login for login in logins if "client=mail.example.org[" in login]
    for way in ("submission", "submissions"):
        assert any(f"postfix/{way}/smtpd" in login for login in ours), way


# Python of Debian 11 does not believe in the lab's authority: it looks into the directory.
@pytest.mark.parametrize("release", EVERYWHERE[1:])
def test_an_enforced_policy_makes_delivery_insist_on_the_certificate(seen: Any) -> None:
    found = seen("site", "transport_security")
    assert found["policy"].startswith("secure match=mx.mailconf-peer.example")
    assert "Verified TLS connection established" in found["log"]


@on_every_release
def test_a_message_that_grows_too_large_is_refused_whole(seen: Any) -> None:
    found = seen("site", "oversized")
    assert found["too large"].startswith("(552, ")
    assert found["large"] == "sent"


@on_every_release
def test_the_operators_own_parameter_is_in_force(seen: Any) -> None:
    found = seen("site", "own_parameter")
    assert found["postconf"] == "mail.example.org ESMTP as the operator wants it"
    assert found["banner"] == f"220 {found['postconf']}"


@on_every_release
def test_rspamd_signs_with_both_keys(seen: Any) -> None:
    judged = " ".join(seen("filter", "signed_twice")["results"])
    assert re.search(r"dkim=pass header\.d=example\.org header\.s=lab ", judged)
    assert re.search(r"dkim=pass header\.d=example\.org header\.s=lab-ed ", judged)
    assert judged.count("dkim=") == 2


@on_every_release
def test_spam_is_refused_or_filed_into_junk(seen: Any) -> None:
    found = seen("filter", "spam")
    assert found["refused"].startswith("(554, b'5.7.1 ")
    assert found["marked"] == "sent"
    assert "X-Spam: Yes" in found["junk"]["text"]


@on_every_release
def test_moves_to_junk_and_back_teach_the_filter(seen: Any) -> None:
    assert seen("filter", "learned") == {"Junk": ["1"], "INBOX": ["1"]}


@on_every_release
@pytest.mark.parametrize(
    ("protocol", "answer"), [("submissions", "235 2.7.0 "), ("imaps", "a OK ")]
)
def test_only_the_load_balancer_gets_through_and_names_the_client(
    seen: Any, protocol: str, answer: str
) -> None:
    found = seen("filter", "proxied")[protocol]
    assert found["proxy"].startswith(answer)
    assert found["stranger"] == "ConnectionRefusedError"
    assert "203.0.113.99" in found["log"]


@on_current_releases
def test_postscreen_turns_away_whoever_is_listed(seen: Any) -> None:
    found = seen("fleet", "turned_away")
    assert found["listed"].startswith("550 5.7.1 Service unavailable; client [198.18.0.100]")
    assert found["not listed"].startswith("250 ")


@on_current_releases
def test_a_backup_keeps_mail_for_those_it_knows_until_the_mx_is_back(seen: Any) -> None:
    found = seen("fleet", "outage")
    assert found["known"] == "sent"
    assert found["unknown"].startswith("550 5.1.1 ")
    assert "bob+tag@example.org" in found["queue"]
    assert any("by backup.example.org" in line for line in found["arrived"]["received"])
    results = " ".join(found["arrived"]["results"])
    assert re.search(r"backup\.example\.org; dmarc=\w+", results), results


@on_current_releases
def test_users_send_through_a_relay_that_judges_arriving_mail(seen: Any) -> None:
    found = seen("office", "through_relay")
    assert re.search(r"dkim=pass .*header\.d=example\.org", " ".join(found["results"]))
    assert any("by edge.example.org" in line for line in found["received"])


@on_current_releases
def test_a_relay_does_not_sign_what_strangers_send_through_an_alias(seen: Any) -> None:
    found = seen("office", "forwarded")
    assert any("by edge.example.org" in line for line in found["received"])
    assert "DKIM-Signature" not in found["text"]
    assert "X-Mailconf-External" not in found["text"]
    assert "X-Mailconf-External" not in found["kept"]["text"]


@on_every_release
def test_a_message_inside_a_message_is_nobody_s_to_change(seen: Any) -> None:
    found = seen("site", "attached")
    for way in ("outgoing", "incoming"):
        text = str(found[way])
        assert "dkim=pass" in text
        assert "Authentication-Results: mx.example.com" in text
    assert "User-Agent: Mutt/2.2" in str(found["outgoing"])


@on_every_release
@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("right", "status=sent"),
        ("wrong", "status=deferred (Server certificate not verified)"),
        ("bogus", "status=deferred (TLSA lookup error for mx.bogus-dane.example:25)"),
        ("insecure", "status=sent"),
    ],
)
def test_postfix_believes_tlsa_records_that_are_right_and_signed(
    seen: Any, zone: str, told: str
) -> None:
    assert told in seen("site", "judged")[zone]


@on_every_release
def test_verify_sees_of_tlsa_records_what_postfix_sees(seen: Any) -> None:
    assert seen("site", "resolved") == {
        "right": "secure",
        "wrong": "secure",
        "bogus": "DnssecBogus",
        "insecure": "insecure",
    }
