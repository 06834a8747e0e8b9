"""Who writes as whom: logins, scripts, programs and strangers, in both signer stacks."""

import sys
from typing import Any

import pytest

from tests.lab.launching import LAUNCH, Run, all_at_once, needs_root, run

pytestmark = [pytest.mark.lab, needs_root]
STACKS = [("opendkim", "debian-12"), ("rspamd", "debian-13")]
Seen = dict[str, Any]


def identity(stack: tuple[str, str]) -> Run:
    return run(sys.executable, "-c", LAUNCH, "tests.lab.identity", *stack)


@pytest.fixture(scope="module")
def labs() -> dict[tuple[str, str], Run]:
    return all_at_once(identity, STACKS)


@pytest.fixture(params=STACKS, ids=" ".join)
def seen(request: pytest.FixtureRequest, labs: dict[tuple[str, str], Run]) -> Seen:
    done = labs[request.param]
    assert done.status == 0, done.stderr
    return done.report


def test_a_redirected_forgery_gets_no_signature(seen: Seen) -> None:
    found = seen["redirect of forged"]
    assert found["signed"] is False
    assert any("dmarc=fail" in result for result in found["results"])


@pytest.mark.parametrize(
    ("what", "author"),
    [
        ("redirect in a name that nobody has", "ceo@open.example"),
        ("redirect in a user's name", "carol@open.example"),
    ],
)
def test_a_forgery_is_kept_rather_than_redirected_with_a_sender_of_the_site(
    what: str, author: str, seen: Seen
) -> None:
    """Redirected, it would come from a host of the sender's domain, and so pass DMARC."""
    said = f"redirected mail that failed DMARC may not send as {author}"
    assert said in seen[what]["said"]
    assert any("dmarc=fail" in result for result in seen[what]["kept"])


def test_what_a_user_wrote_keeps_its_signature_when_it_is_redirected(seen: Seen) -> None:
    found = seen["redirect of genuine"]
    assert any("dkim=pass" in result for result in found["results"])
    assert any("dmarc=pass" in result for result in found["results"])


def test_every_form_of_a_forged_author_is_refused(seen: Seen) -> None:
    """Those that the milter reads: the verifier reads the same author, whose domain rejects them."""
    replies = seen["odd authors"]
    assert {form: reply for form, reply in replies.items() if not reply.startswith("55")} == {}
    assert len(replies) == 120


def test_a_stranger_with_a_second_domain_is_refused_before_verifiers_read_it(seen: Seen) -> None:
    replies = seen["odd strangers"]
    told = ("the sender address has", "the HELO name has", "of a DKIM-Signature field has")
    assert {name: said for name, said in replies.items() if not any(t in said for t in told)} == {}
    assert len(replies) == 9


@pytest.mark.parametrize(
    "what", ["vacation from another", "vacation for another", "notify from another"]
)
def test_a_script_answers_only_as_its_owner(what: str, seen: Seen) -> None:
    assert "the script of alice@example.org may not send as bob@example.org" in seen[what]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            "notify of a bounce",
            "the script of alice@example.org may not send as root@mail.example.org",
        ),
        ("notify of a bounce as redirected", "a notification of this site is not redirected"),
    ],
)
def test_a_notification_of_a_bounce_is_its_owner_s(what: str, said: str, seen: Seen) -> None:
    """It has the null sender, too, but the script's owner stands in a field."""
    assert said in seen[what]


def test_a_script_adds_no_second_author(seen: Seen) -> None:
    assert "there are 2 From fields" in seen["vacation in MIME"]


def test_a_script_answers_as_an_alias_of_its_owner(seen: Seen) -> None:
    assert "sent vacation response" in seen["vacation from an alias"]


def test_only_the_mail_store_connects_to_the_service_for_scripts(seen: Seen) -> None:
    assert "Connection refused" in seen["account at the service for Sieve"]
    assert seen["account past the packet filter"].startswith("550 5.7.1")


def test_another_loopback_address_with_the_port_of_the_store_is_not_the_store(seen: Seen) -> None:
    assert seen["account with the port of the store"].startswith("550 5.7.1")


def test_a_domain_that_only_sends_is_believed_to_exist(seen: Seen) -> None:
    assert "dmarc=pass" in seen["program as a domain that only sends"]


def test_programs_may_add_an_extension(seen: Seen) -> None:
    assert "dmarc=pass" in seen["program with an extension"]


def test_programs_write_to_local_users_by_smtp(seen: Seen) -> None:
    *local, elsewhere = seen["program to local users"]
    assert (local, elsewhere // 100) == ([250, 250, 250], 2)


def test_foreign_mail_is_redirected_though_its_rewritten_sender_is_caught_by_a_catch_all(
    seen: Seen,
) -> None:
    assert any("dkim=pass" in result for result in seen["redirect of foreign"])


@pytest.mark.parametrize("what", ["program as the machine", "program as it may"])
def test_programs_send_signed_mail_as_the_machine_and_as_the_spec_says(
    what: str, seen: Seen
) -> None:
    assert "dkim=pass" in seen[what]
    assert "dmarc=pass" in seen[what]


@pytest.mark.parametrize(
    ("what", "became"),
    [("program in another envelope", "refused"), ("program with another author", "bounced")],
)
def test_programs_send_as_nobody_else(what: str, became: str, seen: Seen) -> None:
    assert seen[what] == became


@pytest.mark.parametrize("forged", ["X-Spam: Yes", "(forged)", "forged.example"])
def test_traces_that_strangers_forge_are_taken_out(forged: str, seen: Seen) -> None:
    assert forged not in seen["forged traces"]
    assert "Authentication-Results: mail.example.org" in seen["forged traces"]
